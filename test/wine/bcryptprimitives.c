/* The one function of Windows' library that Go's programs, such as esbuild, need to start; wine 8 has no such library. */
typedef unsigned char BOOLEAN;
__declspec(dllimport) BOOLEAN SystemFunction036(void *bytes, unsigned long size);

__declspec(dllexport) int ProcessPrng(unsigned char *bytes, unsigned long long size) {
  return SystemFunction036(bytes, (unsigned long)size);
}
