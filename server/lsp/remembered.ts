// What was read of the disk lately: whoever types waits for no file, and files change less often than keys are hit.
import type { Host } from "../text/host.ts";

/** As long is believed what was read, where nobody tells that it changed. */
const BELIEVED_MILLISECONDS = 5000;

export interface RememberedHost extends Host {
  /** Something changed on the disk. */
  forget(): void;
}

/** `now` gives milliseconds since some moment. */
export function remembered(host: Host, now: () => number): RememberedHost {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  let since = Number.NEGATIVE_INFINITY;
  const forget = (): void => {
    texts.clear();
    lists.clear();
    since = now();
  };
  const refresh = (): void => {
    if (now() - since >= BELIEVED_MILLISECONDS) forget();
  };
  return {
    ...host,
    forget,
    read(path) {
      refresh();
      if (!texts.has(path)) texts.set(path, host.read(path));
      return texts.get(path);
    },
    list(folder) {
      refresh();
      const known = lists.get(folder) ?? host.list(folder);
      lists.set(folder, known);
      return known;
    },
  };
}
