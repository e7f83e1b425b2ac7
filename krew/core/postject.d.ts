declare module "postject" {
  /**
   * Injects a resource into an ELF, Mach-O or PE file, in place, and sets the fuse. Source: postject 1.0.0-alpha.6, dist/api.js.
   */
  export function inject(
    filename: string,
    resourceName: string,
    resource: Buffer,
    options: { readonly sentinelFuse: string; readonly machoSegmentName?: string },
  ): Promise<void>;
}
