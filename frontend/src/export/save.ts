/** Hands a file to the browser's downloads. */
import type { Scope } from "../scope";

/** Long enough for the slowest disk to have begun reading. */
const KEPT_MILLISECONDS = 60_000;

export function save(scope: Scope, file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  scope.timeout(KEPT_MILLISECONDS, () => {
    URL.revokeObjectURL(url);
  });
}
