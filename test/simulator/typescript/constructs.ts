// Programs with one construct of the language each; `main` gives what is compared.
export const CONSTRUCTS: Readonly<Record<string, string>> = {
  recursion: `function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
    function main() { return fib(9); }`,
  "closures per iteration": `function main() {
      const made = [];
      for (let i = 0; i < 3; i++) { let j = i * 2; made.push(() => i * 10 + j); j++; }
      for (const k of [5, 6]) made.push(() => k);
      return made.map((f) => f());
    }`,
  "closures that change a loop variable": `function main() {
      const seen = [];
      for (let i = 0; i < 6; i++) { const skip = () => { i++; }; if (i === 2) skip(); seen.push(i); }
      return seen;
    }`,
  "try and finally": `const log: string[] = [];
    function risky(n: number) { try { if (n > 1) throw new Error("n" + n); log.push("ok" + n); return n; } finally { log.push("end" + n); } }
    function main() {
      for (const n of [1, 2]) { try { risky(n); } catch (e) { log.push((e as Error).message); } }
      return [log, (() => { try { return 1; } finally { log.push("late"); } })(), log.length];
    }`,
  "finally overrides": `function f() { for (;;) { try { return 1; } finally { break; } } return 2; } function main() { return f(); }`,
  "rethrow through frames": `function c(): never { throw { code: 5 }; } function b() { try { c(); } catch (e) { throw { code: (e as any).code + 1 }; } }
    function main() { try { b(); } catch ({ code }: any) { return code; } return 0; }`,
  "classes and super": `class A { #n = 1; protected m = 2; static made = 0; constructor(n: number) { this.#n = n; A.made++; }
      get n() { return this.#n; } set n(v) { this.#n = v; } value(k: number) { return this.#n * k; } #secret() { return this.#n + 100; } tell() { return this.#secret(); } }
    class B extends A { name = "b"; constructor() { super(4); this.n = this.n + 1; } override value(k: number) { return super.value(k) + 1; } later() { return [1, 2].map((x) => super.value(x) + this.m); } static of() { return new B(); } }
    function main() { const b = B.of(); return [b.value(3), b.later(), A.made, b.n, b.tell(), b.name, b instanceof A]; }`,
  "arrow this": `class T { base = 10; run(list: number[]) { return list.map((x) => x + this.base).filter((x) => { const inner = () => this.base; return x > inner() + 1; }); } handler = () => this.base * 2; }
    function main() { const t = new T(); const h = t.handler; return [t.run([1, 2, 3]), h()]; }`,
  "labels and continue": `function main() { const out = []; outer: for (let i = 0; i < 4; i++) { for (let j = 0; j < 4; j++) { if (j === 2) continue outer; if (i === 3) break outer; out.push(i * 10 + j); } } return out; }`,
  "goto cleanup by nested labelled blocks": `const log: string[] = [];
    function probe(fail: number): number { let ret = -5;
      err_a: { err_b: { err_c: { log.push("a"); if (fail === 1) break err_a; log.push("b"); if (fail === 2) break err_b; log.push("c"); if (fail === 3) break err_c; return 0; } log.push("undo b"); } log.push("undo a"); }
      return ret; }
    function main() { return [[0, 1, 2, 3].map(probe), log]; }`,
  "switch with fallthrough": `function f(n: number) { let s = ""; switch (n) { case 1: s += "1"; case 2: { s += "2"; break; } case 3: const q = "3"; s += q; default: s += "d"; } return s; }
    function main() { return [0, 1, 2, 3].map((n) => f(n)); }`,
  destructuring: `function f({ a, b: { c = 7, ...rest } = { c: 1 } as any }: any, [x, , y = 9]: number[]) { return [a, c, rest, x, y]; }
    function main() { let p = 1, q = 2; [p, q] = [q, p]; const o: any = {}; ({ p: o.x, ["q" + ""]: o.y = 3 } = { p } as any); return [f({ a: 1, b: { d: 2 } }, [4, 5]), p, q, o]; }`,
  "rest and default arguments that call": `let count = 0; function next() { return ++count; }
    function f(a: number, b = next() + a, ...more: number[]) { return [a, b, more.length, f.length]; }
    const g = (x = next(), y = () => x) => [x, y()];
    function main() { return [f(1), f(1, 2), f(1, undefined, 3, 4), g(), g(8), count].map((v) => typeof v === "number" || v.length === 2 ? v : v.slice(0, 3)); }`,
  spread: `function sum(...n: number[]) { let t = 0; for (const x of n) t += x; return t; }
    function main() { const a = [1, 2]; return [sum(...a, ...[3, 4]), [...a, 9], { ...{ x: 1 }, y: sum(5) }]; }`,
  "optional chaining": `class P { v = 3; get(n: number) { return { n: n + this.v }; } }
    function main() { const p: P | null = new P(), z: any = null, u: any = { f: null, g: { h(x: number) { return x + 1; } } }; let side = 0; const bump = () => ++side;
      return [p?.get(1).n, z?.get(bump()).n.m, z?.x.y, u.f?.(bump()), u.g?.h(bump()), u.g.h?.(4), u?.["g"]?.h(1), u.q?.h(bump())?.n, side, p.get?.(2)?.n]; }`,
  "array callbacks": `const odd = (n: number) => n % 2 === 1;
    function main() { const a = [5, 3, 8, 1]; const seen: any[] = []; a.forEach((x, i) => { seen.push(x * i); });
      return [seen, a.map((x) => x + 1), a.filter(odd), a.some((x) => x > 7), a.every(odd), a.find((x) => x < 5), a.findIndex((x) => x === 8), a.reduce((s, x) => s + x, 0), a.reduce((s, x) => s - x), [...a].sort((x, y) => x - y), a.flatMap((x) => [x, x]), Array.from({ length: 3 }, (_, i) => i * i), a.map(String), a.reduceRight((s, x) => s + x, "")]; }`,
  "maps, sets and string callbacks": `function main() { const m = new Map([["a", 1]]); m.set("b", 2); const out: any[] = []; m.forEach((v, k) => { out.push(k + v); }); for (const [k, v] of m) out.push(v + k); return [out, [...new Set([1, 1, 2])], "abc".replace("b", (s) => s + s)]; }`,
  getters: `function main() { const o = { n: 2, get twice() { return double(this.n); }, set twice(v) { this.n = v; }, toString() { return "o" + double(1); } }; o.twice = 5; return [o.twice, \`\${o}\`]; }
    function double(n: number) { return n * 2; }`,
  "enums and template strings": `enum State { Idle, Busy = 4, Done, Mask = Busy | 1, Name = "n" } const enum Bit { A = 1 << 3 }
    function main() { return [State.Idle, State.Busy, State.Done, State[4], State.Mask, State.Name, Bit.A, \`state \${State.Done} of \${[1, 2].map((x) => x + 1).join("+")}\`]; }`,
  "while, do and comma": `function main() { let i = 0, s = 0; while (i < 5) i++; do { s += i; } while (i-- > 2); for (; s < 30; ) s += 7; for (let a = 0, b = 9; a < b; a++, b--) s++; for (var v = 0; v < 3; v++); return [i, s, v]; }`,
  "function tables, bind, call and apply": `function add(this: any, a: number, b: number) { return (this?.k ?? 0) + a + b; }
    const table: Record<string, (a: number, b: number) => number> = { add, sub: (a, b) => a - b };
    function main() { return [table["sub"]!(5, 2), add.call({ k: 1 }, 2, 3), add.apply({ k: 2 }, [2, 3]), add.bind({ k: 3 })(1, 1), ["add", "sub"].map((n) => table[n]!.call(null, 9, 4))]; }`,
  "hoisting and shadowing": `function main() { const before = inner(); let x = 1; { let x = 2; function inner2() { return x; } x = inner2() + 1; var y = x; } function inner() { return typeof y; } return [before, x, y, ((x) => x * 2)(21)]; }`,
  "types fall away": `interface I { a: number } type U = I | null; abstract class Q { abstract f(): number; declare z: number; private q?: number; g(): number { return this.f(); } } class R extends Q { f() { return 8; } }
    function pick<T>(this: void, x: T, y?: T): T { return (y ?? x)!; } function over(a: string): string; function over(a: any) { return a; }
    function main() { const n = pick<number>(3) as number; let w!: I; w = { a: n } satisfies I; return [w.a, new R().g(), over("s"), (<any>w).a]; }`,
  "for in, delete, typeof, in": `function main() { const o: any = { a: 1, b: 2 }; delete o.a; const keys = []; for (const k in o) keys.push(k); return [keys, "a" in o, typeof o.b, void 0 === undefined, typeof main]; }`,
  bigint: `function main() { let n = 1n; for (let i = 0n; i < 20n; i++) n = n * 3n + i; return String(BigInt.asUintN(16, n)); }`,
  "nested calls and short circuits": `let n = 0; const t = (x: any) => { n++; return x; }; function main() { return [t(t(t(1)) + t(2)), t(0) && t(1), t(0) || t(2), t(null) ?? t(3), t(true) ? t("y") : t("n"), (t(1), t(2)), n]; }`,
  "operators whose results grow": `function main() {
    let [a, b, c] = [3, 5, 2];
    const o = { n: 7n };
    let x = 11n;
    const y = 4n;
    const all: unknown[] = [a * b, a ** c, a << b, -a >> c, String(x * y), String(x ** y), String(x << y), String(-x >> y)];
    a *= b; all.push(a); a **= c; all.push(a); a <<= c; all.push(a); a >>= c; all.push(a);
    x *= y; all.push(String(x)); x **= y; all.push(String(x)); x <<= y; all.push(String(x)); x >>= y; all.push(String(x));
    o.n *= y; o.n **= y; o.n <<= y; o.n >>= y; all.push(String(o.n));
    all.push(String(BigInt.asUintN(64, -1n)), String(BigInt.asIntN(8, 255n)), String(BigInt("123") + BigInt(4)));
    return all;
  }`,
};
