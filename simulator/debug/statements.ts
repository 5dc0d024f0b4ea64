// The statements of the programs as a listing with addresses: they are the machine's instructions.
import type { Program, Site } from "../engine/interfaces.ts";
import { hex } from "../engine/interfaces.ts";
import type { Sources } from "./sources.ts";

/** Below the functions of drivers, where nothing else lies. */
const START = 0x7e000000;
const STATEMENT_BYTES = 4;

export interface Statement {
  readonly address: number;
  readonly site: Site;
}

/** Statements in the order of their files and lines, four bytes each. */
export class Statements {
  readonly all: readonly Statement[];
  private readonly bySite: ReadonlyMap<Site, Statement>;

  constructor(programs: readonly Program[]) {
    const sites = programs.flatMap((program) => [...program.sites].sort(byPlace));
    this.all = sites.map((site, index) => ({ address: START + STATEMENT_BYTES * index, site }));
    this.bySite = new Map(this.all.map((statement) => [statement.site, statement]));
  }

  /** `0x7e0000a4`, or undefined for a site of another program. */
  referenceOf(site: Site): string | undefined {
    const statement = this.bySite.get(site);
    return statement && `0x${hex(statement.address)}`;
  }

  at(address: number): Site | undefined {
    return this.all[(address - START) / STATEMENT_BYTES]?.site;
  }

  /** Its place in the listing, which for an address outside of it is outside too. */
  indexOf(address: number): number {
    return Math.floor((address - START) / STATEMENT_BYTES);
  }

  addressAt(index: number): number {
    return START + STATEMENT_BYTES * index;
  }
}

/** What stands in the source, on one line. */
export function textOf(sources: Sources, { file, line, column, endLine, endColumn }: Site, longest = LONGEST): string {
  const lines = sources.lines(file).slice(line - 1, endLine);
  const whole = lines.map((one, index) =>
    one.slice(index === 0 ? column - 1 : 0, index === endLine - line ? endColumn - 1 : undefined),
  );
  const text = closed(whole.join(" ").replaceAll(/\s+/g, " ").trim());
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

const LONGEST = 100;

/** The statement at the head of an `if` or a loop ends before the parenthesis. */
function closed(text: string): string {
  const isOpen = /^(?:if|for|while|switch)\b/.test(text) && text.split("(").length > text.split(")").length;
  return isOpen ? `${text})` : text;
}

function byPlace(a: Site, b: Site): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
