// What the C library has and the kernel has otherwise: for messages about names that are not there.

/** What the kernel has instead, with its header. */
const INSTEAD: Readonly<Record<string, string>> = {
  malloc: "kmalloc of linux/slab",
  calloc: "kcalloc of linux/slab",
  realloc: "krealloc of linux/slab",
  free: "kfree of linux/slab",
  printf: "pr_info of linux/printk",
  fprintf: "pr_err of linux/printk",
  puts: "pr_info of linux/printk",
  perror: "pr_err of linux/printk",
  assert: "WARN_ON of linux/bug",
  abort: "BUG of linux/bug",
  atoi: "kstrtoint of linux/kernel",
  atol: "kstrtol of linux/kernel",
  strtol: "kstrtol of linux/kernel",
  strtoul: "kstrtoul of linux/kernel",
  strdup: "kstrdup of linux/string",
  strndup: "kstrndup of linux/string",
  asprintf: "kasprintf of linux/kernel",
  sleep: "msleep of linux/delay",
  usleep: "usleep_range of linux/delay",
  nanosleep: "usleep_range of linux/delay",
  time: "ktime_get of linux/ktime",
  gettimeofday: "ktime_get_real_ts64 of linux/timekeeping",
  clock_gettime: "ktime_get of linux/ktime",
  pthread_create: "kthread_run of linux/kthread",
  pthread_mutex_lock: "mutex_lock of linux/mutex",
  pthread_mutex_unlock: "mutex_unlock of linux/mutex",
  sem_wait: "down of linux/semaphore",
  sem_post: "up of linux/semaphore",
};

/** Functions that ask the kernel for what a driver does not do, or does otherwise. */
const CALLS: ReadonlySet<string> = new Set([
  "open",
  "close",
  "read",
  "write",
  "fopen",
  "fread",
  "fwrite",
  "fclose",
  "exit",
]);

/** Why a name of the C library is not there; undefined for other names. */
export function instead(name: string): string | undefined {
  if (Object.hasOwn(INSTEAD, name)) return `the C library is not there, the kernel has ${INSTEAD[name]}`;
  if (CALLS.has(name)) return "it is a call of user space";
  return undefined;
}
