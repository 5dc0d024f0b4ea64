// Values beside the code while a driver stands still: variables and members of the frame, up to the line of the stop.
import * as vscode from "vscode";
import { debugType } from "./configuration.ts";
import { beginningOf, type NameInCode, namesInCode } from "./names-in-code.ts";

/** Members to ask for at one stop. */
const MOST_MEMBERS = 40;
const MOST_CHARACTERS = 40;

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** Only while a driver is debugged: TypeScript has other debuggers, whose values are not to be kept away. */
export class InlineValues implements vscode.InlineValuesProvider, vscode.Disposable {
  private readonly sessions = new Set<string>();
  private provider: vscode.Disposable | undefined;
  private readonly subscriptions: vscode.Disposable;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      vscode.debug.onDidStartDebugSession(({ type, id }) => {
        if (type !== debugType) return;
        this.sessions.add(id);
        this.provider ??= vscode.languages.registerInlineValuesProvider({ language: "typescript" }, this);
      }),
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        this.sessions.delete(id);
        if (this.sessions.size === 0) this.silence();
      }),
    );
  }

  dispose(): void {
    this.silence();
    this.subscriptions.dispose();
  }

  private silence(): void {
    this.provider?.dispose();
    this.provider = undefined;
  }

  async provideInlineValues(
    document: vscode.TextDocument,
    _viewPort: vscode.Range,
    { frameId, stoppedLocation }: vscode.InlineValueContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineValue[]> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) return [];
    const last = stoppedLocation.start.line;
    const lines = Array.from({ length: last + 1 }, (_, line) => document.lineAt(line).text);
    const found = namesInCode(lines, beginningOf(lines, last), last);
    const values = await variablesOf(session, frameId);
    const members = found.filter(({ path }) => path.includes(".") && values.has(path.replace(/\..*$/, "")));
    for (const path of [...new Set(members.map(({ path }) => path))].slice(-MOST_MEMBERS)) {
      if (token.isCancellationRequested) return [];
      const value = await evaluated(session, frameId, path);
      if (value !== undefined) values.set(path, value);
    }
    return shown(found, values);
  }
}

/** Each name once on a line. */
function shown(found: readonly NameInCode[], values: ReadonlyMap<string, string>): vscode.InlineValueText[] {
  const seen = new Set<string>();
  return found.flatMap(({ line, start, end, path }) => {
    const value = values.get(path);
    // Where a struct or a register lies says nothing here.
    if (value === undefined || seen.has(`${line} ${path}`) || /^(struct|union) .*@|^__iomem /.test(value)) return [];
    seen.add(`${line} ${path}`);
    const short = value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS - 1)}…` : value;
    return [new vscode.InlineValueText(new vscode.Range(line, start, line, end), `${path} = ${short}`)];
  });
}

async function variablesOf(session: vscode.DebugSession, frameId: number): Promise<Map<string, string>> {
  const { scopes } = await session.customRequest("scopes", { frameId });
  const own = scopes.filter(({ presentationHint }: { presentationHint?: string }) =>
    ["locals", "arguments"].includes(presentationHint ?? ""),
  );
  const values = new Map<string, string>();
  for (const { variablesReference } of own) {
    const { variables } = await session.customRequest("variables", { variablesReference });
    for (const { name, value } of variables as Variable[]) values.set(name, value);
  }
  return values;
}

/** Undefined where it means nothing: the name is that of a type, or the pointer is not valid. */
async function evaluated(
  session: vscode.DebugSession,
  frameId: number,
  expression: string,
): Promise<string | undefined> {
  try {
    return (await session.customRequest("evaluate", { expression, frameId, context: "watch" })).result;
  } catch {
    return undefined;
  }
}
