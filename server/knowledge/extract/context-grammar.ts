// A small grammar of what kernel-doc says in its `Context:` sections; what it does not know yields nothing.
import type { Context } from "../schema.ts";

export interface ContextFacts {
  readonly sleeps?: "never" | "always" | "flags" | "conditional";
  readonly contexts?: readonly Context[];
  readonly holds: readonly string[];
}

type Sleeps = NonNullable<ContextFacts["sleeps"]>;

interface Statement {
  readonly sleeps?: Sleeps;
  readonly contexts?: readonly Context[];
  readonly holds?: readonly string[];
  /** It says "any context", which a statement beside it may narrow. */
  readonly any?: true;
}

const NEUTRAL: Statement = {};
const PROCESS: readonly Context[] = ["process"];
const called = "(?:(?:this |the )?(?:function|method|macro|call) )?(?:(?:is|it is|it) )?";
const verb = "(?:called|invoked|used|run|executed)";
const article = "(?:the |an? )?";

interface Phrase {
  readonly pattern: RegExp;
  readonly says: Statement;
}

const phrase = (pattern: string, says: Statement): Phrase => ({
  pattern: new RegExp(`^${called}(?:${pattern})$`),
  says,
});

const wordsOfProcess = "(?:user|process|task|thread|kernel|kernel thread|work ?queue|sleepable|preemptible task)";
const wordsOfInterrupt = "(?:interrupt|irq|hard ?irq|isr|hard interrupt)";
const sleeping = "(?:may|might|can|could|will) (?:sleep|block)";
const where = `${article}`;

/** Of a whole sentence, in lower case, without its full stop. */
const phrases: readonly Phrase[] = [
  phrase(
    `any(?: contexts?)?|any \\((?!process|user|task)[^)]*\\)|any,? (?:context )?except(?: for)? nmi(?: context)?|any context,? except(?: for)? nmi|(?:safe to be |(?:may|can) be )${verb} (?:from|in) any context|(?:does not|doesn't) matter|(?:don't|do not) care`,
    { any: true },
  ),
  phrase(`any context that (?:permits to|can|may) sleep`, { contexts: PROCESS, sleeps: "always" }),
  phrase(
    `(?:in |from )?${wordsOfProcess}(?: context)?(?: only)?|(?:must|should|may|can|to|may only|can only|must only)(?: only)? be ${verb} (?:only )?(?:in|from) ${where}${wordsOfProcess} context(?: only)?|${verb} (?:only )?(?:in|from) ${wordsOfProcess} context(?: only)?`,
    { contexts: PROCESS },
  ),
  phrase(
    `(?:in |from )?${wordsOfProcess}(?: context)?(?: only)?(?:,| and)? (?:${sleeping}|can_sleep|must be able to sleep)|initialization code, which may sleep`,
    { contexts: PROCESS, sleeps: "always" },
  ),
  phrase(
    `sleeps?|${sleeping}(?:(?:,| while| waiting| due to| until| because)(?! if)[^,]*)?|must be able to sleep|does gfp_kernel allocations?|may allocate (?:using|with) %?gfp_kernel|may allocate memory with %?gfp_kernel`,
    { contexts: PROCESS, sleeps: "always" },
  ),
  phrase(
    `${sleeping} if (?:the )?@?(?:gfp|gfp_mask|flags|gfp_flags|mem_flags)?(?: ?flags)? (?:permits?|allows?)(?: it)?|${sleeping} (?:depending on|according to) (?:the )?@?gfp(?:_mask|_flags)?(?: flags)?`,
    { sleeps: "flags" },
  ),
  phrase(`(?:can|may) be called from any context,? providing the appropriate gfp flags are used`, { sleeps: "flags" }),
  phrase(`${sleeping} (?:if|unless|when|only if|in case)\\b.*`, { sleeps: "conditional" }),
  phrase(
    `(?:does|do|will|must|shall|should|can) ?not (?:sleep|block)|(?:can't|won't|doesn't|cannot) (?:sleep|block)|never sleeps?|non-blocking`,
    { sleeps: "never" },
  ),
  phrase(`atomic(?: context)?|(?:can|may) be ${verb} (?:from|in) ${where}atomic context`, {
    sleeps: "never",
    contexts: ["process", "softirq", "hardirq", "atomic"],
  }),
  phrase(
    `(?:in |from )?${wordsOfInterrupt}(?: context| time| handler| handler context)?!?|in_interrupt ?\\(\\)(?: \\(usually\\))?|${verb} (?:in|from) ${where}${wordsOfInterrupt} context`,
    { sleeps: "never", contexts: ["hardirq"] },
  ),
  phrase(
    `(?:in |from )?soft ?irq(?: context)?|bh(?: context)?|tasklet(?: context)?|${verb} (?:in|from) soft ?irq context`,
    {
      sleeps: "never",
      contexts: ["softirq"],
    },
  ),
  phrase(
    `(?:safe to call|safe to be called|(?:can|may|could) be (?:safely )?${verb}(?: either)?|${verb}) (?:in|from) ${where}(?:(?:process|task|user|normal process|thread)(?: context)? (?:or|and)(?: an?)? ${wordsOfInterrupt}|${wordsOfInterrupt}(?: context)? (?:or|and)(?: an?)? (?:process|task|user|normal process|thread)|${wordsOfInterrupt}) context,?(?: but not in nmi| no lock is required)?(?: context)?`,
    { sleeps: "never", contexts: ["process", "softirq", "hardirq", "atomic"] },
  ),
  phrase(`(?:can|may) be ${verb} (?:in|from) process or soft ?irq context`, {
    sleeps: "never",
    contexts: ["process", "softirq", "atomic"],
  }),
  phrase(
    `(?:must|may|can|should|shall) ?not be ${verb} (?:from|in|within|inside) ${where}(?:interrupt|irq|hard ?irq)(?: contexts?| handlers?)?|(?:don't|do not|never) call (?:this |it )?(?:from|in) (?:interrupt|irq) context|non-isr context`,
    { contexts: ["process", "softirq", "atomic"] },
  ),
  phrase(`!in_interrupt ?\\(\\)|not in_interrupt ?\\(\\)`, { contexts: ["process", "atomic"] }),
  phrase(
    `(?:must|may|can|should|shall) ?not be ${verb} (?:from|in|within|inside) ${where}atomic(?: contexts?)?|not suitable (?:from|for) atomic context|non-atomic`,
    { contexts: PROCESS },
  ),
  phrase(
    `(?:irqs?|interrupts|local interrupts)(?: are| must be| to be)? (?:blocked|disabled|off)|expects (?:local )?interrupts to be disabled`,
    { sleeps: "never", contexts: ["hardirq", "atomic"] },
  ),
  phrase(`none|no locking required|no locks? (?:is |are )?(?:required|needed)`, NEUTRAL),
];

const lockName =
  /^(?:the )?(?:(?:read|write) )?[@&%]*([a-z_]\w*(?:(?:->|\.)\w+)*)(?:\(\))?(?: (?:mutex|lock|spinlock|semaphore|spin-lock))?$/;
/** Words that name no lock by themselves. */
const nameless = /^(?:lock|locks|mutex|spinlock|spin_lock|it|this|that|proper|device|folio|page)$/i;
/** What stands for a lock: a name with one of these in it, or the word behind it. */
const lockWord = /lock|mutex|mtx|sem\b|_sem|rtnl|rcu|semaphore/;

const holding: readonly RegExp[] = [
  /^(?:the )?callers?(?: must| should| needs to| has to| is| are)? (?:be )?(?:hold(?:s|ing)?|owns?) (.+?)$/,
  /^(?:this function |the function )?(?:expects|requires) (.+?) (?:to be held|held|to have been acquired)(?: on entry| by (?:the )?caller)?$/,
  /^(?:this function )?(?:assumes |assumed |must |should |to |is )*(?:be )?called (?:with|under|holding) (.+?)(?: (?:being )?(?:already )?(?:held|acquired|taken|locked))?$/,
  /^(.+?) (?:must be|is|are|should be|has to be) (?:held|locked)(?: on entry| by (?:the )?caller)?$/,
  /^holding (.+?)$/,
  /^(.+?) held$/,
];

/** Sentences about other things than where the function may be called. */
const neutral =
  /^(?:takes|acquires|releases|grabs|claims|disables|enables|calls|initializes|destroys|returns with|pages in|if you need to|they are|the caller should (?:decrease|unlock)|caller must (?:prevent|protect|ensure)|the caller must (?:prevent|protect|ensure)|single threaded|it is safe to call this function without|this function will acquire|called by|see )/;
const dangerous = /sleep|atomic|interrupt|irq|context|block|\bnmi\b|\bbh\b|preempt|\bgfp|process|user/;

/** Reads the text of a `Context:` section. */
export function readContext(text: string): ContextFacts {
  const statements: Statement[] = [];
  const holds: string[] = [];
  let unclear = false;
  let locksSleep = false;
  for (const sentence of sentencesOf(text)) {
    const lower = sentence.toLowerCase();
    if (/\b(?:takes|acquires|grabs|claims|holds|uses|may take)\b.*\b\w*(?:mutex|semaphore|_sem)\b/.test(lower))
      locksSleep = true;
    const locks = heldLocks(sentence);
    if (locks !== undefined) {
      holds.push(...locks);
      if (locks.some((lock) => /mutex|mtx|sem|rtnl/i.test(lock)) || /mutex|semaphore/.test(lower)) locksSleep = true;
      continue;
    }
    const found = phrases.find((each) => each.pattern.test(lower));
    if (found !== undefined) statements.push(found.says);
    else if (dangerous.test(lower) && !neutral.test(lower)) unclear = true;
    else if (/\bsleep|\batomic\b|\bgfp/.test(lower) && neutral.test(lower)) unclear = true;
  }
  if (unclear) return { holds };
  return { ...combine(statements, locksSleep), holds };
}

/** Commas join statements where each part is one: "irqs blocked, controller lock held". */
function sentencesOf(text: string): string[] {
  const sentences = text
    .replace(/\s+/g, " ")
    .split(/[.;](?:\s+|$)/)
    .map((each) => each.trim())
    .filter(Boolean);
  return sentences.flatMap((sentence) => {
    const lower = sentence.toLowerCase();
    if (!sentence.includes(",") || phrases.some((each) => each.pattern.test(lower))) return [sentence];
    const parts = sentence.split(/,\s+(?:and )?/);
    const known = (part: string): boolean =>
      heldLocks(part) !== undefined || phrases.some((each) => each.pattern.test(part.toLowerCase()));
    return parts.every(known) ? parts : [sentence];
  });
}

function heldLocks(sentence: string): string[] | undefined {
  for (const pattern of holding) {
    const found = new RegExp(pattern.source, "i").exec(sentence);
    if (found === null) continue;
    const names = found[1]!.split(/\s*,\s*(?:and )?|\s+and\s+/).map((part) => {
      const name = new RegExp(lockName.source, "i").exec(part.replace(/^(?:both|at least) /i, ""))?.[1];
      return name !== undefined && lockWord.test(part.toLowerCase()) && !nameless.test(name) ? name : undefined;
    });
    if (names.every((each) => each !== undefined)) return names as string[];
  }
  return undefined;
}

function combine(statements: readonly Statement[], locksSleep: boolean): Omit<ContextFacts, "holds"> {
  const said = new Set(statements.map((each) => each.sleeps).filter((each) => each !== undefined));
  const any = statements.some((each) => each.any);
  const narrowed = statements.map((each) => each.contexts).filter((each) => each !== undefined);
  // Of two lists the shorter is what both allow, as long as one holds the other.
  const contexts = narrowed.length === 0 ? undefined : narrowed.reduce((a, b) => a.filter((each) => b.includes(each)));
  if (contexts?.length === 0 || said.size > 1) {
    // "May sleep if the flags permit" beside "may sleep" says no more than the first.
    return said.size === 2 && said.has("flags") && said.has("always") ? { sleeps: "flags" } : {};
  }
  const [sleeps] = [...said];
  if (any && (sleeps === "always" || (contexts !== undefined && !contexts.includes("hardirq")))) return {};
  if (sleeps === "never" && locksSleep) return {};
  if (sleeps !== undefined) return { sleeps, ...(contexts === undefined || any ? {} : { contexts }) };
  if (any) return locksSleep ? {} : { sleeps: "never" };
  return contexts === undefined ? {} : { contexts };
}

const subject = "(?:this (?:function|macro|routine|call|helper)|the function|it|function)";
const hasSubject = new RegExp(`^(?:note(?: that)?:? )?${subject} `);
const remark = (pattern: string, says: Statement): Phrase => ({
  pattern: new RegExp(`^(?:note(?: that)?:? )?(?:${pattern})$`),
  says,
});

/** Sentences that leave no doubt wherever they stand in a comment. */
const remarks: readonly Phrase[] = [
  remark(
    `(?:${subject} )?(?:may|might|can) sleep(?:,? so (?:it )?(?:must|can|may)(?:not| not) be called (?:from|in) .*)?`,
    {
      sleeps: "always",
    },
  ),
  remark(`(?:in a simple case, )?${subject} (?:may|might|can) sleep, which (?:differentiates|distinguishes) .*`, {
    sleeps: "always",
  }),
  remark(`${subject} sleeps`, { sleeps: "always" }),
  remark(
    `(?:${subject} )?(?:may|might|can) sleep,? (?:and|so|thus|therefore|hence)[^.]*(?:not be called|process context)[^.]*`,
    { sleeps: "always" },
  ),
  remark(`${subject} (?:may|might|can) sleep(?:,)? (?:if|unless|when|only if) .*`, { sleeps: "conditional" }),
  remark(`${subject} (?:does not|doesn't|will not|won't|never|cannot|can not) sleeps?`, { sleeps: "never" }),
  remark(
    `(?:${subject} )?(?:can|may) be (?:safely )?(?:called|used) (?:from|in) (?:any|interrupt|atomic|irq|hard ?irq) context`,
    {
      sleeps: "never",
    },
  ),
  remark(
    `(?:${subject} )?(?:must|may|should|can) (?:only )?be called (?:only )?(?:from|in) process context(?: only)?`,
    {
      contexts: PROCESS,
    },
  ),
  remark(
    `(?:${subject} )?(?:must|may|should|can|shall) ?not be called (?:from|in|within) (?:an? )?(?:interrupt|irq)(?: contexts?| handlers?)?`,
    { contexts: ["process", "softirq", "atomic"] },
  ),
  remark(`(?:${subject} )?(?:must|may|should|can|shall) ?not be called (?:from|in|within) (?:an? )?atomic contexts?`, {
    contexts: PROCESS,
  }),
];

/**
 * Reads what stands outside of any section, strictly: only whole sentences that are known. One without a subject counts
 * at the beginning of a paragraph only; elsewhere it may speak of a flag ("%GFP_KERNEL: … May sleep.").
 */
export function readProse(prose: string): ContextFacts {
  const statements: Statement[] = [];
  for (const paragraph of prose.split("\n")) {
    for (const [at, sentence] of paragraph.split(/[.!;](?:\s+|$)/).entries()) {
      const lower = sentence.toLowerCase().replace(/\s+/g, " ").trim();
      if (at > 0 && !hasSubject.test(lower)) continue;
      const found = remarks.find((each) => each.pattern.test(lower));
      if (found !== undefined) statements.push(found.says);
    }
  }
  return { ...combine(statements, false), holds: [] };
}
