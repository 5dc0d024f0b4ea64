// The graph under construction, as expressions and statements add to it.

import type { Expr, Stmt } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Event, Exit } from "./cfg.ts";

export interface Lowering {
  emit(event: Event): void;
  /** A new block without content; it is filled after `begin`. */
  fresh(): number;
  /** Ends the current block; what follows before the next `begin` cannot be reached. */
  end(exit: Exit): void;
  begin(block: number): void;
  statements(body: readonly Stmt[], scope: object): void;
  guard(className: string, lock: Expr | undefined, at: Span): void;
  /** The condition within `likely(x)`, `WARN_ON(x)`, `!!x`: a test that is the test of its argument. */
  transparentTest(test: Expr): Expr | undefined;
  /** Whether a name is a floating-point variable of the function. */
  isFloat(name: string): boolean;
  /** Whether a name is a function-like macro of the file. */
  isMacro(name: string): boolean;
  notUnderstood(): void;
}
