// fixture: the same counters through their functions.
#include <linux/atomic.h>
#include <linux/module.h>

struct ferry {
	atomic_t users;
	atomic64_t bytes;
};

int ferry_exercise(struct ferry *f, atomic_t *shared);

int ferry_exercise(struct ferry *f, atomic_t *shared)
{
	atomic_inc(&f->users);
	atomic64_add(512, &f->bytes);
	atomic_set(shared, 0);
	atomic_or(1, &f->users);
	return atomic_read(&f->users) > 3 ? -EBUSY : 0;
}

MODULE_DESCRIPTION("Ferry");
MODULE_LICENSE("GPL");
