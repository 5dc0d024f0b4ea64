// From the bodies of a small tree of our own to facts: what sleeps and why, what never does, how failure shows, locks, aliases.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Harvest } from "../../server/knowledge/extract/harvest.ts";
import { harvestFile } from "../../server/knowledge/extract/harvest-file.ts";
import { type Derived, settle } from "../../server/knowledge/extract/settle.ts";
import { createParser, type Parser } from "../../server/syntax/parser.ts";

let parser: Parser;

beforeAll(async () => {
  const modules = join(import.meta.dirname, "../../node_modules");
  parser = await createParser({
    runtime: readFileSync(join(modules, "web-tree-sitter/web-tree-sitter.wasm")),
    grammar: readFileSync(join(modules, "tree-sitter-c/tree-sitter-c.wasm")),
  });
});

type Tree = Readonly<Record<string, string>>;

const harvests = (tree: Tree): Harvest[] => Object.entries(tree).map(([path, text]) => harvestFile(parser, path, text));

const facts = (tree: string | Tree) => settle(harvests(typeof tree === "string" ? { "lib/pump.c": tree } : tree));
const sleeps = (tree: string | Tree, name = "f"): Derived["sleeps"] => facts(tree).of(name)?.sleeps;
const may = (tree: string | Tree, name = "f"): string | undefined => sleeps(tree, name)?.may;

describe("sleeping", () => {
  test("is annotated where the function asserts it, derived where a callee does", () => {
    const text = `
      void wait(struct c *c) { might_sleep(); park(c); }
      void f(struct c *c) { if (c->busy) wait(c); }
      void g(struct c *c) { if (c->busy) f(c); }
      void h(struct c *c) { if (c->busy) g(c); }`;
    expect(sleeps(text, "wait")).toEqual({ may: "always", by: "annotated", via: ["might_sleep"] });
    expect(sleeps(text, "f")).toEqual({ may: "always", by: "derived", via: ["wait", "might_sleep"] });
    // Three calls away, on some paths only.
    expect(sleeps(text, "g")).toBeUndefined();
    expect(sleeps(text, "h")).toBeUndefined();
  });

  test("is passed on from what the documentation says", () => {
    const text = `
      /**
       * go() - go
       *
       * Context: Process context. May sleep.
       */
      void go(struct c *c) { c->ops->go(c); }
      void f(struct c *c) { if (c->n) go(c); }`;
    expect(sleeps(text, "go")).toEqual({ may: "always", by: "documented" });
    expect(sleeps(text)).toEqual({ may: "always", by: "derived", via: ["go"] });
  });

  test("leaves no context but a process's, whatever the documentation does not forbid", () => {
    const text = `
      /**
       * f() - stop the pump
       *
       * Must not be called from interrupt context.
       */
      void f(struct c *c) { might_sleep(); }`;
    expect(facts(text).of("f")?.contexts).toEqual(["process"]);
  });

  test("is followed further where every call is sure to happen", () => {
    const text = `
      void a(void) { might_sleep(); }
      void b(void) { a(); }
      void c(void) { b(); }
      int f(struct c *x) { if (!x) return -EINVAL; c(); return 0; }`;
    expect(sleeps(text)).toEqual({ may: "always", by: "derived", via: ["c", "b", "a", "might_sleep"] });
  });

  test("is not sure where a failure leads", () => {
    const text = `
      void a(void) { might_sleep(); }
      void b(void) { a(); }
      int f(struct c *x) { if (start(x)) goto fail; return 0;\nfail:\n b(); return -EIO; }
      int g(struct c *x) { if (start(x)) goto fail; return 0;\nfail:\n a(); return -EIO; }`;
    expect(sleeps(text)).toBeUndefined();
    expect(sleeps(text, "g")?.via).toEqual(["a", "might_sleep"]);
  });

  test("hangs on flags, on arguments, on the context", () => {
    expect(may("void f(struct c *c) { might_sleep_if(c->slow); }")).toBe("conditional");
    expect(may("void f(bool wait) { might_sleep_if(wait); }")).toBe("conditional");
    expect(may("void f(bool wait) { if (wait) schedule(); }")).toBe("conditional");
    expect(may("void f(bool wait) { if (!wait) { kick(); return; } schedule(); }")).toBe("conditional");
    expect(may("void f(struct c *c) { if (in_interrupt()) { defer(c); return; } schedule(); }")).toBe("conditional");
    expect(may("int f(int flags) { if (flags & ~7) return -EINVAL; schedule(); return 0; }")).toBe("always");
    expect(may("int f(void *p) { if (p) schedule(); return 0; }")).toBe("conditional");
    expect(may("void f(void *p) { if (p) { defer(p); return; } schedule(); }")).toBe("conditional");
    expect(may("void f(void *p) { if (!p) return; schedule(); }")).toBe("always");
    expect(may("void f(struct c *c) { if (busy(c)) schedule(); }")).toBe("always");
  });

  test("takes a constant for what it is at the end of a condition", () => {
    const text = `
      void g(struct c *c, bool wait) { if (wait) schedule(); }
      void f(struct c *c) { g(c, false); }
      void h(struct c *c, bool sync) { g(c, sync); }`;
    expect(sleeps(text, "f")).toBeUndefined();
    expect(may(text, "h")).toBe("conditional");
  });

  const allocator = `
    void *take_noprof(size_t n, gfp_t flags) { might_alloc(flags); return cut(n); }
    void *more(size_t n, gfp_t flags) { gfp_t inner = flags & MASK; return take_noprof(n, inner | __GFP_ZERO); }`;

  test("follows a gfp argument as far as it goes", () => {
    const tree = {
      "mm/take.c": allocator,
      "include/linux/take.h": `
        #define take(...) alloc_hooks(take_noprof(__VA_ARGS__))
        static inline void *take_zeroed(size_t n, gfp_t gfp) { return take(n, gfp | __GFP_ZERO); }`,
      "lib/user.c": `
        void *f(void) { return take(4, GFP_KERNEL); }
        void *atomic(void) { return take(4, GFP_ATOMIC); }
        void *mixed(int n, gfp_t gfp) { return take_zeroed(n, gfp); }
        void *never_reclaims(gfp_t gfp) { return take(4, gfp & ~__GFP_DIRECT_RECLAIM); }
        void *unknown(struct c *c) { return take(4, c->gfp); }`,
    };
    const settled = facts(tree);
    expect(settled.of("take")).toMatchObject({ aliasOf: "take_noprof", gfpParam: 1, sleeps: { may: "flags" } });
    expect(settled.of("more")?.sleeps?.may).toBe("flags");
    expect(settled.of("take_zeroed")).toMatchObject({ gfpParam: 1, sleeps: { may: "flags" } });
    expect(settled.of("f")?.sleeps).toEqual({
      may: "always",
      by: "derived",
      via: ["take", "take_noprof", "might_alloc"],
    });
    expect(settled.of("atomic")?.sleeps).toBeUndefined();
    expect(settled.of("mixed")).toMatchObject({ gfpParam: 1, sleeps: { may: "flags" } });
    expect(settled.of("never_reclaims")?.sleeps).toBeUndefined();
    expect(settled.of("unknown")?.sleeps).toBeUndefined();
  });

  test("hands flags on to a pointer", () => {
    expect(sleeps("int f(struct u *u, gfp_t gfp) { return u->ops->queue(u, gfp); }")).toEqual({
      may: "flags",
      by: "annotated",
    });
  });

  test("is not found behind a lock of the caller that is dropped first", () => {
    const text = "void f(struct c *c) { spin_unlock(&c->lock); schedule(); spin_lock(&c->lock); }";
    expect(may(text)).toBe("conditional");
    expect(may("void f(struct c *c) { spin_lock(&c->lock); c->n++; spin_unlock(&c->lock); schedule(); }")).toBe(
      "always",
    );
  });

  test("keeps the statics of one file from another", () => {
    const tree = {
      "lib/a.c": "static void go(void) { schedule(); }\nvoid a(void) { go(); }",
      "lib/b.c": "void f(void) { go(); }",
      "lib/c.c": "static void go(void) { }\nvoid c(void) { go(); }",
    };
    expect(may(tree, "a")).toBe("always");
    expect(sleeps(tree, "f")).toBeUndefined();
    expect(may(tree, "c")).toBe("never");
    expect(facts(tree).of("go", "lib/a.c")?.sleeps?.may).toBe("always");
    expect(facts(tree).of("go")).toBeUndefined();
  });

  test("prefers what is built to its stub and to PREEMPT_RT", () => {
    const tree = {
      "include/linux/pump.h": `
        #ifdef CONFIG_PUMP
        void pump(void);
        #else
        static inline void pump(void) { }
        #endif
        #ifdef CONFIG_PREEMPT_RT
        static inline void hold(void) { schedule(); }
        #else
        static inline void hold(void) { preempt_disable(); }
        #endif`,
      "lib/pump.c": "void pump(void) { schedule(); }\nEXPORT_SYMBOL(pump);",
      "lib/user.c": "void f(void) { pump(); }\nvoid g(void) { hold(); }",
      "include/linux/spinlock_rt.h": "static inline void grip(void) { schedule(); }",
      "include/linux/spinlock.h": "static inline void grip(void) { preempt_disable(); }",
    };
    expect(may(tree, "f")).toBe("always");
    expect(may(tree, "g")).toBe("never");
    expect(may(tree, "grip")).toBe("never");
  });

  test("reads macros: statement expressions, conditions, stand-ins", () => {
    const tree = {
      "include/linux/w.h": `
        #define wait_for(q, cond) do { might_sleep(); if (cond) break; __wait(q, cond); } while (0)
        #define poll_for(q, wait) ({ int r = 0; if (wait) schedule(); r; })
        #define old_wait new_wait
        #define pick(x) _Generic((x), int: take_int, default: take_any)(x)
        #define apply(fn, x) (fn)(x)
        #define DEFINE_WAIT_ATTRIBUTE(n) static int n##_open(struct file *f) { schedule(); return 0; } static int n##_x`,
      "lib/w.c": "void new_wait(void) { schedule(); }",
    };
    expect(may(tree, "wait_for")).toBe("always");
    expect(facts(tree).of("old_wait")).toMatchObject({ aliasOf: "new_wait", sleeps: { may: "always" } });
    expect(sleeps(tree, "pick")).toBeUndefined();
    expect(sleeps(tree, "apply")).toBeUndefined();
    // It sleeps where what it defines is called.
    expect(sleeps(tree, "DEFINE_WAIT_ATTRIBUTE")).toBeUndefined();
  });
});

describe("never sleeping", () => {
  test("needs all of what is reached", () => {
    const text = `
      static int half(int n) { return n / 2; }
      int f(struct c *c) { int n; spin_lock(&c->lock); n = half(c->n); spin_unlock(&c->lock); return n; }
      int pointer(struct c *c) { return c->ops->get(c); }
      int parameter(int (*fn)(int)) { return fn(1); }
      int unseen(int n) { return elsewhere(n); }
      int reaches(int n) { return n ? half(n) : unseen(n); }
      int even(int n) { return n ? odd(n - 1) : 1; }
      int odd(int n) { return n ? even(n - 1) : 0; }`;
    expect(sleeps(text)).toEqual({ may: "never", by: "derived" });
    expect(may(text, "even")).toBe("never");
    for (const name of ["pointer", "parameter", "unseen", "reaches"]) expect(sleeps(text, name), name).toBeUndefined();
  });

  test("may be documented, and is not believed against the code", () => {
    const doc = "/**\n * f() - do it\n *\n * Context: Any context.\n */\n";
    expect(sleeps(`${doc}void f(struct c *c) { c->ops->go(c); }`)).toEqual({ may: "never", by: "documented" });
    expect(sleeps(`${doc}void f(struct c *c) { might_sleep(); }`)).toBeUndefined();
    expect(facts(`${doc}void f(struct c *c) { might_sleep(); }`)).toMatchObject({});
    expect(may(`${doc}void f(gfp_t gfp) { might_alloc(gfp); }`)).toBe("flags");
  });
});

describe("returning", () => {
  const returns = (text: string): string | undefined => facts(text).of("f")?.returns?.kind;

  test.each([
    ["struct c *f(int n) { if (n) return ERR_PTR(-EINVAL); return &all[n]; }", "errptr-on-failure"],
    ["struct c *f(int n) { struct c *c = find(n); if (!c) return NULL; return c; }", "null-on-failure"],
    ["struct c *f(int n) { struct c *c = find(n); if (IS_ERR(c)) return c; c->n = n; return c; }", "errptr-on-failure"],
    ["struct c *f(int n) { struct c *c = find(n); if (!c) return ERR_PTR(-ENOMEM); return c; }", "errptr-on-failure"],
    ["struct c *f(int n) { if (n) return ERR_PTR(-EIO); if (n > 3) return NULL; return &all[n]; }", "null-or-errptr"],
    ["int f(int n) { if (n) return -EINVAL; return 0; }", "negative-errno"],
    ["int f(int n) { int ret = -EINVAL; if (n) goto out; ret = 0;\nout:\n return ret; }", "negative-errno"],
    ["int f(int n) { int ret = start(n); if (ret < 0) return ret; return 0; }", "negative-errno"],
    [
      "static int g(int n) { return n ? -EIO : 0; }\nint f(int n) { int r = g(n); if (r) return r; return g(2); }",
      "negative-errno",
    ],
    [
      "struct c *f(int n) { struct c *c = NULL;\nagain:\n if (n > 3) return c; c = &all[n++]; goto again; }",
      "null-on-failure",
    ],
    ["void f(int n) { }", "void"],
    ["bool f(int n) { return n; }", "boolean"],
    [
      "void *take(int n) __alloc_size(1);\nvoid *f(int n) { return take(n); }\nvoid *take(int n) { return cut(n); }",
      "null-on-failure",
    ],
  ])("%s", (text, expected) => expect(returns(text)).toBe(expected));

  test.each([
    ["struct c *f(int n) { return find(n); }"],
    ["struct c *f(int n) { return &all[n]; }"],
    [
      "static struct c *g(int n, bool may) { if (n > 9) return may ? NULL : ERR_PTR(-ENOENT); return &all[n]; }\nstruct c *f(int n) { return g(n, true); }",
    ],
    ["int f(int n) { return n > 3 ? -EINVAL : n; }"],
    ["int f(struct c *c) { int ret = c->ops->go(c); if (ret) return ret; return 0; }"],
    ["int f(int n) { return unseen(n); }"],
    ["u32 f(int n) { if (n) return -EINVAL; return 0; }"],
    ["int f(int n) { return f(n - 1); }"],
  ])("is not guessed: %s", (text) => expect(returns(text)).toBeUndefined());

  test("believes neither of two that contradict each other", () => {
    const doc = "/**\n * f() - do it\n *\n * Return: the thing or %NULL if there is none\n */\n";
    const settled = facts(`${doc}struct c *f(int n) { if (n) return ERR_PTR(-EIO); return &all[n]; }`);
    expect(settled.of("f")?.returns).toBeUndefined();
    expect(settled.contradictions.returns).toBe(1);
  });
});

describe("locks", () => {
  const of = (text: string): Derived | undefined => facts(text).of("f");

  test("are named by parameter", () => {
    expect(of("void f(struct c *c) __acquires(&c->lock) { spin_lock(&c->lock); }")).toMatchObject({
      acquires: ["$0->lock"],
    });
    expect(of("void f(int n, spinlock_t *lock) __releases(lock) { spin_unlock(lock); }")).toMatchObject({
      releases: ["$1"],
    });
    expect(of("void f(void) __acquires(RCU) { rcu_read_lock(); }")).toMatchObject({ acquires: ["RCU"] });
    expect(of("void f(struct c *c) __must_hold(&pump_lock) { c->n++; }")).toMatchObject({ mustHold: ["pump_lock"] });
    expect(of("void f(struct c *c) { lockdep_assert_held(&c->dev.lock); c->n++; }")).toMatchObject({
      mustHold: ["$0->dev.lock"],
    });
  });

  test("are dropped where a caller could not name them, or need not hold them", () => {
    for (const body of [
      "struct d *d = c->d; lockdep_assert_held(&d->lock);",
      "if (c->n) lockdep_assert_held(&c->lock);",
      "if (c->n) return; lockdep_assert_held(&c->lock);",
      "spin_lock(&c->lock); lockdep_assert_held(&c->lock); spin_unlock(&c->lock);",
      "lockdep_assert_held(lock_of(c));",
    ]) {
      expect(of(`void f(struct c *c) { ${body} }`)?.mustHold, body).toBeUndefined();
    }
    expect(of("void f(struct c *c) __acquires(lock_of(c)) { take(c); }")?.acquires).toBeUndefined();
    expect(of("void f(struct c *c) __acquires(access) { take(c); }")?.acquires).toBeUndefined();
  });
});

describe("the rest", () => {
  test("must-check, noreturn, devres, callbacks", () => {
    const settled = facts({
      "include/linux/pump.h": `
        int __must_check pump_get(struct pump *p);
        void __noreturn pump_burst(void);`,
      "lib/pump.c": `
        int pump_get(struct pump *p) { return p->n; }
        void pump_burst(void) { for (;;) ; }
        static int keep(struct device *d, void *p) { return devm_add_action_or_reset(d, drop, p); }
        int devm_pump_get(struct device *d) { return keep(d, d); }
        int pump_probe(struct device *d) { return devm_add_action(d, drop, d); }
        int pump_call(struct pump *p, irq_handler_t handler, void (*fn)(void *), void *arg) { return 0; }`,
    });
    expect(settled.of("pump_get")?.mustCheck).toBe(true);
    expect(settled.of("pump_burst")?.noreturn).toBe(true);
    expect(settled.of("devm_pump_get")?.managed).toBe(true);
    expect(settled.of("pump_probe")?.managed).toBeUndefined();
    expect(settled.of("pump_call")?.callbacks).toEqual([{ param: 1, type: "irq_handler_t" }, { param: 2 }]);
  });

  test("an alias hands on all of its arguments, in order", () => {
    const tree = {
      "include/linux/a.h": `
        #define same(a, b) other(a, b)
        #define turned(a, b) other(b, a)
        #define more(a) other(a, 1)
        static inline int inlined(int a, int b) { return other(a, b); }`,
    };
    const settled = facts(tree);
    expect(["same", "turned", "more", "inlined"].map((name) => settled.of(name)?.aliasOf)).toEqual([
      "other",
      undefined,
      undefined,
      "other",
    ]);
  });

  test("does not depend on the order of the files", () => {
    const tree = {
      "include/linux/a.h": "#define a(x) b(x)\nint b(int x);",
      "lib/b.c": "int b(int x) { if (x) c(); return 0; }\nEXPORT_SYMBOL(b);",
      "lib/c.c": "void c(void) { might_sleep(); }\nvoid d(void) { b(1); }",
    };
    const all = harvests(tree);
    const said = (list: readonly Harvest[]) => ["a", "b", "c", "d"].map((name) => settle(list).of(name));
    expect(said([...all].reverse())).toEqual(said(all));
  });
});
