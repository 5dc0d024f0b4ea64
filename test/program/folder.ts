// Drivers of several files in a folder that exists only in a test, and what checking one of them says.
import { type Checker, checkText } from "../../server/features/check.ts";
import { Lines } from "../../server/text/lines.ts";
import { createChecker } from "../checker.ts";

const checker = await createChecker();

export type Folder = Readonly<Record<string, string>>;

/** A checker that sees these files and no others. */
export function checkerOf(files: Folder, more: Partial<Checker["host"]> = {}): Checker {
  const at = (path: string): string | undefined =>
    path.startsWith("/driver/") ? files[path.slice("/driver/".length)] : undefined;
  // Of its own, so that nothing is remembered from another test.
  const parser = { parse: checker.parser.parse };
  return { ...checker, parser, host: { read: at, list: (folder) => names(files, folder), ...more } };
}

function names(files: Folder, folder: string): readonly string[] {
  const inside = Object.keys(files).flatMap((path) =>
    `/driver/${path}`.startsWith(`${folder}/`) ? [`/driver/${path}`.slice(folder.length + 1).split("/")[0]!] : [],
  );
  return [...new Set(inside)].sort();
}

/** What is said of one file: `a.c:12 sleep-in-atomic`, and below it the chain, each step with its file and line. */
export function said(files: Folder, file: string, use = checkerOf(files)): readonly string[] {
  const place = (path: string, offset: number): string => {
    const name = path.slice("/driver/".length);
    return `${name}:${new Lines(files[name]!).position(offset).line + 1}`;
  };
  return checkText(use, `/driver/${file}`, files[file]!).findings.flatMap((finding) => [
    `${place(finding.file, finding.start)} ${finding.rule}`,
    ...finding.related.map((step) => `  ${place(step.file, step.start)} ${step.message}`),
  ]);
}
