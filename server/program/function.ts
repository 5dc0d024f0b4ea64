// A function of the driver: its definition and its graph.
import type { FunctionDef } from "../syntax/ast.ts";
import type { Cfg } from "./cfg.ts";

export interface Func {
  readonly name: string;
  /** Path of the file it stands in. */
  readonly file: string;
  readonly def: FunctionDef;
  readonly cfg: Cfg;
}
