// The declared type of an expression, from the file and its headers; undefined wherever no declaration is seen.
import type { Expr, FunctionDef, RecordDef, Stmt, TypeRef, Variable } from "../syntax/ast.ts";
import type { ParsedFile } from "../syntax/parser.ts";

export class DeclaredTypes {
  private readonly files: readonly ParsedFile[];
  private readonly globals = new Map<string, Variable>();
  private readonly records = new Map<string, RecordDef>();
  private readonly typedefs = new Map<string, Variable>();
  /** What functions return, by their names. */
  private readonly returned = new Map<string, TypeRef>();
  private origins: Map<object, ParsedFile> | undefined;
  private readonly locals = new Map<FunctionDef, Map<string, Variable[]>>();

  /** The file itself comes first: what it says of a name goes over what its headers say. */
  constructor(files: readonly ParsedFile[]) {
    this.files = files;
    const units = files.map((file) => file.unit);
    for (const { records } of units) for (const each of records) this.addRecord(each);
    for (const unit of units.toReversed()) {
      for (const each of unit.prototypes) this.returned.set(each.name, each.type);
      for (const each of unit.variables) this.globals.set(each.name, each);
      for (const each of unit.typedefs) this.typedefs.set(each.name, each);
    }
    for (const unit of units.toReversed())
      for (const each of unit.functions) this.returned.set(each.name, each.returns);
  }

  private addRecord(record: RecordDef): void {
    if (!this.records.has(record.name)) this.records.set(record.name, record);
    for (const member of record.members) if (member.type.record !== undefined) this.addRecord(member.type.record);
  }

  /** Names of all functions that are declared or defined. */
  declaredFunctions(): ReadonlyMap<string, unknown> {
    return this.returned;
  }

  global(name: string): Variable | undefined {
    return this.globals.get(name);
  }

  /** Whether a file-scope name means the same in every file: `static DEFINE_MUTEX(x)` declares none. */
  isShared(name: string): boolean {
    return this.globals.get(name)?.isStatic === false;
  }

  record(name: string): RecordDef | undefined {
    return this.records.get(name);
  }

  typedef(name: string): Variable | undefined {
    return this.typedefs.get(name);
  }

  /** The file that an object or an annotation of a declaration comes from; the first file for what lies in functions. */
  fileOf(declared: object): ParsedFile {
    if (this.origins === undefined) {
      this.origins = new Map();
      const note = (variable: Variable, file: ParsedFile): void => {
        this.origins!.set(variable, file);
        for (const each of variable.type.annotations) this.origins!.set(each, file);
        if (variable.type.record !== undefined) for (const each of variable.type.record.members) note(each, file);
      };
      for (const file of this.files.slice(1)) {
        const { records, variables, prototypes, typedefs } = file.unit;
        for (const record of records) for (const each of record.members) note(each, file);
        for (const each of [...variables, ...prototypes, ...typedefs]) note(each, file);
      }
    }
    return this.origins.get(declared) ?? this.files[0]!;
  }

  /** The parameter, local or file-scope variable that a name means at an offset in a function. */
  variable(within: FunctionDef, name: string, at: number): Variable | undefined {
    const declared = this.localsOf(within).get(name);
    if (declared === undefined) return this.globals.get(name);
    let best = declared[0];
    for (const each of declared) if (each.nameSpan.start <= at) best = each;
    return best;
  }

  isLocal(within: FunctionDef, name: string): boolean {
    return this.localsOf(within).has(name);
  }

  /** Parameters and locals, statics aside. */
  localsOf(within: FunctionDef): ReadonlyMap<string, readonly Variable[]> {
    const known = this.locals.get(within);
    if (known !== undefined) return known;
    const found = new Map<string, Variable[]>();
    const add = (variable: Variable): void => {
      if (variable.isStatic || variable.isExtern) return;
      const list = found.get(variable.name);
      if (list === undefined) found.set(variable.name, [variable]);
      else list.push(variable);
    };
    for (const param of within.params) add(param);
    collectLocals(within.body, add);
    this.locals.set(within, found);
    return found;
  }

  typeOf(expr: Expr, within: FunctionDef): TypeRef | undefined {
    switch (expr.kind) {
      case "name":
        return this.variable(within, expr.name, expr.start)?.type;
      case "member":
        return this.memberOf(this.typeOf(expr.base, within), expr.field)?.type;
      case "index":
        return elementOf(this.typeOf(expr.base, within));
      case "cast":
        return expr.type;
      case "unary": {
        const type = this.typeOf(expr.operand, within);
        if (type === undefined) return undefined;
        if (expr.op === "*") return elementOf(type);
        if (expr.op === "&") return { ...type, pointers: type.pointers + 1, dimensions: [] };
        return undefined;
      }
      case "assign":
        return this.typeOf(expr.target, within);
      case "binary": {
        // Pointer arithmetic keeps the pointer's type.
        if (expr.op !== "+" && expr.op !== "-") return undefined;
        const left = this.typeOf(expr.left, within);
        return left !== undefined && (left.pointers > 0 || left.dimensions.length > 0) ? left : undefined;
      }
      case "call": {
        if (expr.callee.kind !== "name") return undefined;
        const type = this.returned.get(expr.callee.name);
        return type?.callable === true ? { ...type, callable: false } : type;
      }
      default:
        return undefined;
    }
  }

  /** The struct or union behind a type, through typedefs. */
  recordOf(type: TypeRef | undefined): RecordDef | undefined {
    if (type === undefined) return undefined;
    if (type.record !== undefined) return type.record;
    const known = this.records.get(type.base);
    if (known !== undefined) return known;
    const alias = this.typedefs.get(type.base);
    return alias === undefined || alias.type.base === type.base ? undefined : this.recordOf(alias.type);
  }

  memberOf(type: TypeRef | undefined, field: string): Variable | undefined {
    const record = this.recordOf(type);
    return record === undefined ? undefined : findMember(record, field);
  }
}

/** Members of anonymous structs and unions count as the outer one's. */
function findMember(record: RecordDef, field: string): Variable | undefined {
  for (const member of record.members) {
    if (member.name === field) return member;
    if (member.name !== "" || member.type.record === undefined) continue;
    const inner = findMember(member.type.record, field);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function elementOf(type: TypeRef | undefined): TypeRef | undefined {
  if (type === undefined) return undefined;
  if (type.dimensions.length > 0) return { ...type, dimensions: type.dimensions.slice(1) };
  return type.pointers > 0 ? { ...type, pointers: type.pointers - 1 } : undefined;
}

function collectLocals(stmt: Stmt | undefined, add: (variable: Variable) => void): void {
  if (stmt === undefined) return;
  switch (stmt.kind) {
    case "declaration":
      for (const each of stmt.variables) add(each);
      return;
    case "compound":
    case "case":
      for (const each of stmt.body) collectLocals(each, add);
      return;
    case "if":
      collectLocals(stmt.consequence, add);
      collectLocals(stmt.otherwise, add);
      return;
    case "for":
      collectLocals(stmt.init, add);
      collectLocals(stmt.body, add);
      return;
    case "while":
    case "do":
    case "switch":
    case "macro":
    case "label":
      collectLocals(stmt.body, add);
      return;
    default:
  }
}
