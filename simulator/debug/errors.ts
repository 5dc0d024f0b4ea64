// What goes wrong, in words for people: each by name, with its code.
import type { Problem } from "../engine/interfaces.ts";

/** An error that a client shows; anything else that a request throws is a mistake of ours, and shown as one. */
export class RequestError extends Error {
  readonly code: number;
  /** Shown in a dialog; otherwise only where it was asked. */
  readonly shown: boolean;

  constructor(code: number, message: string, shown = false) {
    super(message);
    this.code = code;
    this.shown = shown;
  }
}

export const unknownRequest = (command: string) => new RequestError(1, `There is no request “${command}”.`);

export const notLaunched = () => new RequestError(2, "No driver has been launched.");

export const alreadyLaunched = () => new RequestError(3, "A driver has been launched already.");

export const badSetting = (name: string, wanted: string) =>
  new RequestError(4, `“${name}” of the launch configuration is to be ${wanted}.`, true);

export const unreadable = (path: string) =>
  new RequestError(
    5,
    `${path} cannot be read: there is no such file, or it lies outside of the driver's folder.`,
    true,
  );

/** Each with its place, so that a terminal or a dialog leads there. */
export const brokenDriver = (problems: readonly Problem[]) => {
  const lines = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  const more = lines.length > 10 ? [`… and ${lines.length - 10} more`] : [];
  return new RequestError(6, `The driver does not run:\n${[...lines.slice(0, 10), ...more].join("\n")}`, true);
};

export const running = () => new RequestError(7, "The driver is running: pause it first.");

export const gone = (what: string) => new RequestError(8, `There is no such ${what} any more.`);

export const notEvaluated = (why: string) => new RequestError(9, why);

export const noReport = () => new RequestError(10, "The driver did not stop at a report.");

export const ended = () => new RequestError(11, "The driver has run to its end: only going back is left.");

export const badReference = (text: string) => new RequestError(12, `“${text}” is no address.`);

export const badArgument = (name: string, wanted: string) => new RequestError(13, `“${name}” is to be ${wanted}.`);

export const tookTooLong = (command: string) =>
  new RequestError(14, `“${command}” came to no end: code of the driver that it runs may go round and round.`);

/** In the word that the protocol has for it. */
export const cancelled = () => new RequestError(15, "cancelled");

export const internal = (command: string, why: string) =>
  new RequestError(99, `Driverlab made a mistake in “${command}”: ${why}`, true);
