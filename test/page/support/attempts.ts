/** Ways in which a script gets something out of a page, or code into it. Each runs in the page. */

/** What would reach a server; the hosts say which of them did. */
export const SENDING: Readonly<Record<string, () => unknown>> = {
  fetch: () => fetch("http://fetch.example/").catch(() => undefined),
  XMLHttpRequest: () => {
    const request = new XMLHttpRequest();
    request.open("GET", "http://xhr.example/");
    request.send();
  },
  WebSocket: () => new WebSocket("ws://websocket.example/"),
  EventSource: () => new EventSource("http://eventsource.example/"),
  sendBeacon: () => navigator.sendBeacon("http://beacon.example/", "x"),
  image: () => {
    new Image().src = "http://image.example/";
  },
  "style sheet": () => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet" });
    link.href = "http://style.example/";
    document.head.append(link);
  },
  script: () => {
    const script = document.createElement("script");
    script.setAttribute("src", "http://script.example/");
    document.head.append(script);
  },
  frame: () => {
    const frame = document.createElement("iframe");
    frame.src = "http://frame.example/";
    document.body.append(frame);
  },
  video: () => {
    document.body.append(
      Object.assign(document.createElement("video"), { src: "http://video.example/", preload: "auto" }),
    );
  },
  form: () => {
    const frame = Object.assign(document.createElement("iframe"), { name: "aside" });
    const form = Object.assign(document.createElement("form"), {
      action: "http://form.example/",
      target: "aside",
    });
    document.body.append(frame, form);
    form.submit();
  },
  // Where it is refused before anything is asked, it rejects.
  import: () => import(`http://${"import"}.example/x.js`).catch(() => undefined),
};

/** What would run a text as code: `globalThis.ran` tells whether it did. */
export const RUNNING: Readonly<Record<string, () => unknown>> = {
  // biome-ignore lint/security/noGlobalEval: that it is refused is what is tried.
  eval: () => globalThis.eval("globalThis.ran = true"),
  Function: () => new Function("globalThis.ran = true")(),
  setTimeout: () => setTimeout("globalThis.ran = true" as never),
  "element of script": () => {
    const script = document.createElement("script");
    script.append("globalThis.ran = true");
    document.body.append(script);
  },
  "handler in an attribute": () => {
    const button = document.createElement("button");
    button.setAttribute("onclick", "globalThis.ran = true");
    document.body.append(button);
    button.click();
  },
  "address of script": () => {
    const anchor = document.createElement("a");
    anchor.setAttribute("href", "javascript:void (globalThis.ran = true)");
    document.body.append(anchor);
    anchor.click();
  },
  "import of data": () => import(`data:text/javascript,globalThis.ran${"=true"}`).catch(() => undefined),
};

/** What makes elements of a text. */
export const MARKUP: Readonly<Record<string, () => unknown>> = {
  innerHTML: () => {
    document.body.innerHTML += "<b id=made>made</b>";
  },
  insertAdjacentHTML: () => document.body.insertAdjacentHTML("beforeend", "<b id=made>made</b>"),
  "document.write": () => document.write("<b id=made>made</b>"),
  createContextualFragment: () =>
    document.body.append(document.createRange().createContextualFragment("<b id=made>made</b>")),
};
