// fixture: counters that are atomic, used as if they were not.
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/module.h>

struct plain {
	int counter;
};

struct ferry {
	atomic_t users;
	atomic64_t bytes;
	struct plain trips;
};

int ferry_exercise(struct ferry *f, atomic_t *shared);

static void ferry_board(struct ferry *f, atomic_t *shared)
{
	f->users.counter++; // warning: atomic-plain-access "`f->users` is changed past its functions, which is not atomic: a change of another CPU may be lost; use atomic_inc()"
	f->bytes.counter += 512; // warning: atomic-plain-access "use atomic64_add()"
	shared->counter = 0; // warning: atomic-plain-access "`shared` is changed past its functions, which may be torn"
	f->users.counter |= 1; // warning: atomic-plain-access "use its functions"
	f->trips.counter++; // ok: atomic-plain-access
	atomic_inc(&f->users); // ok: atomic-plain-access
}

static int ferry_count(struct ferry *f)
{
	if (f->users.counter > 3) // information: atomic-plain-access "`f->users` is atomic, and read past its functions: use atomic_read()"
		return -EBUSY;
	return f->trips.counter; // ok: atomic-plain-access
}

static int *ferry_address(struct ferry *f)
{
	return &f->users.counter; // ok: atomic-plain-access
}

int ferry_exercise(struct ferry *f, atomic_t *shared)
{
	ferry_board(f, shared);
	return ferry_count(f) + *ferry_address(f);
}

MODULE_DESCRIPTION("Ferry");
MODULE_LICENSE("GPL");
