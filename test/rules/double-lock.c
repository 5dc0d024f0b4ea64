// fixture: locks taken a second time by the one who already holds them.
#include <linux/cleanup.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

struct bank {
	spinlock_t lock;
	struct mutex config;
	struct bank *parent;
	struct list_head node;
	u32 level;
	bool busy;
};

u32 bank_exercise(struct bank *a, struct bank *b, struct list_head *banks);

static void bank_raise(struct bank *b, u32 level)
{
	spin_lock(&b->lock); // related: double-lock "`b->lock` taken here"
	if (level > b->level) {
		spin_lock(&b->lock); // error: double-lock "`b->lock` is already held: taking it again deadlocks"
		b->level = level;
	}
	spin_unlock(&b->lock);
}

static u32 bank_level(struct bank *b)
{
	u32 level;

	mutex_lock(&b->config);
	level = b->level;
	mutex_unlock(&b->config);
	return level;
}

static void bank_copy_level(struct bank *b, struct bank *from)
{
	mutex_lock(&b->config); // related: double-lock "`b->config` taken here"
	from->level = bank_level(b); // error: double-lock "`b->config` is already held: bank_level() takes it again and deadlocks"
	mutex_unlock(&b->config);
}

static void bank_settle(struct bank *b)
{
	for (;;) {
		mutex_lock(&b->config); // error: double-lock "`b->config` is already held"
		if (b->busy)
			continue;
		b->level = 0;
		mutex_unlock(&b->config);
		return;
	}
}

static bool bank_grab(struct bank *b)
{
	if (!mutex_trylock(&b->config))
		return false; // ok: double-lock
	b->busy = true;
	mutex_lock(&b->config); // error: double-lock "`b->config` is already held"
	b->level++;
	mutex_unlock(&b->config);
	return true;
}

static void bank_guarded(struct bank *b)
{
	guard(mutex)(&b->config);
	b->busy = false;
	mutex_lock(&b->config); // error: double-lock "`b->config` is already held"
	b->level = 0;
	mutex_unlock(&b->config);
}

static void bank_twice(struct bank *b)
{
	spin_lock(&b->lock);
	b->level++;
	spin_unlock(&b->lock);

	spin_lock(&b->lock); // ok: double-lock
	b->level++;
	spin_unlock(&b->lock);
}

static void bank_pair(struct bank *a, struct bank *b)
{
	mutex_lock(&a->config);
	mutex_lock_nested(&b->config, SINGLE_DEPTH_NESTING); // ok: double-lock
	swap(a->level, b->level);
	mutex_unlock(&b->config);
	mutex_unlock(&a->config);
}

static void bank_both(struct bank *b)
{
	mutex_lock(&b->config);
	spin_lock(&b->lock); // ok: double-lock
	b->level = 0;
	spin_unlock(&b->lock);
	mutex_unlock(&b->config);
}

static void bank_either(struct bank *b, bool quiet)
{
	unsigned long flags;

	if (quiet) {
		spin_lock_irqsave(&b->lock, flags);
		b->busy = false;
		spin_unlock_irqrestore(&b->lock, flags);
	} else {
		spin_lock_irqsave(&b->lock, flags); // ok: double-lock
		b->busy = true;
		spin_unlock_irqrestore(&b->lock, flags);
	}
}

static void bank_climb(struct bank *b)
{
	struct bank *next;

	spin_lock(&b->lock);
	while (b->parent) {
		next = b->parent;
		spin_lock_nested(&next->lock, SINGLE_DEPTH_NESTING); // ok: double-lock
		spin_unlock(&b->lock);
		b = next;
	}
	b->level++;
	spin_unlock(&b->lock);
}

static void bank_clear_all(struct list_head *banks)
{
	struct bank *b;

	list_for_each_entry(b, banks, node) {
		spin_lock(&b->lock); // ok: double-lock
		b->level = 0;
		spin_unlock(&b->lock);
	}
}

static void bank_yield(struct bank *b)
{
	mutex_lock(&b->config);
	while (b->busy) {
		mutex_unlock(&b->config);
		cond_resched();
		mutex_lock(&b->config); // ok: double-lock
	}
	mutex_unlock(&b->config);
}

static void bank_publish(struct bank *b, struct bank *to)
{
	u32 level;

	mutex_lock(&b->config);
	level = b->level;
	mutex_unlock(&b->config);

	to->level = level + bank_level(b); // ok: double-lock
}

static u32 bank_read_nested(struct list_head *banks)
{
	struct bank *b;
	u32 sum = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(b, banks, node) {
		rcu_read_lock(); // ok: double-lock
		sum += b->level;
		rcu_read_unlock();
	}
	rcu_read_unlock();
	return sum;
}

static void bank_maybe_locked(struct bank *b, bool locked)
{
	if (!locked)
		mutex_lock(&b->config); // ok: double-lock
	b->level++;
	if (!locked)
		mutex_unlock(&b->config);
}

u32 bank_exercise(struct bank *a, struct bank *b, struct list_head *banks)
{
	bank_raise(a, 1);
	bank_copy_level(a, b);
	bank_settle(a);
	bank_guarded(a);
	bank_twice(a);
	bank_pair(a, b);
	bank_both(a);
	bank_either(a, true);
	bank_climb(a);
	bank_clear_all(banks);
	bank_yield(a);
	bank_publish(a, b);
	bank_maybe_locked(a, false);
	mutex_lock(&a->config);
	bank_maybe_locked(a, true);
	mutex_unlock(&a->config);
	return bank_grab(a) ? bank_read_nested(banks) : 0;
}

/* Left by break with the lock, at its end without it. */
int bank_wait(struct bank *b, int tries)
{
	int ret = -EAGAIN;
	int done = 0;

	do {
		spin_lock(&b->lock);
		if (b->level)
			break;
		spin_unlock(&b->lock);
	} while (++done < tries);

	if (done >= tries) {
		spin_lock(&b->lock); // ok: double-lock
		b->level = 1;
		spin_unlock(&b->lock);
		return ret;
	}
	spin_unlock(&b->lock);
	return 0;
}

static struct bank *bank_shared;
static DEFINE_MUTEX(bank_early);

static void bank_register(struct bank *b)
{
	if (!bank_shared) {
		mutex_lock(&bank_early);
		b->level = 0;
		mutex_unlock(&bank_early);
	}
}

/* Whether the callee takes the lock hangs on what is set here. */
void bank_settle_all(struct bank *b)
{
	bank_shared = b;
	mutex_lock(&bank_early);
	bank_register(b); // ok: double-lock
	mutex_unlock(&bank_early);
}

static int bank_wake(struct sdio_func *func)
{
	sdio_claim_host(func);
	sdio_writeb(func, 1, 0, NULL);
	sdio_release_host(func);
	return 0;
}

/* The host may be claimed again by whoever has it. */
int bank_open(struct sdio_func *func)
{
	int ret;

	sdio_claim_host(func);
	ret = bank_wake(func); // ok: double-lock
	sdio_release_host(func);
	return ret;
}

MODULE_DESCRIPTION("Bank");
MODULE_LICENSE("GPL");

static bool bank_insist(struct bank *b, int tries)
{
	bool locked = false;

	while (!locked && tries--)
		locked = mutex_trylock(&b->config) != 0; // ok: double-lock
	if (locked)
		mutex_unlock(&b->config);
	return locked;
}

int bank_set_level(struct bank *b, const u32 *levels, int n)
{
	int ret = -EINVAL;

	if (n < 1)
		goto out; // error: double-lock "`b->config` is not held yet: `out` releases it all the same"
	if (!levels)
		goto out_unlocked; // ok: double-lock

	mutex_lock(&b->config); // related: double-lock "`b->config` taken here, which this path skips"
	if (b->busy) {
		ret = -EBUSY;
		goto out; // ok: double-lock
	}
	b->level = levels[0];
	ret = 0;
out:
	mutex_unlock(&b->config);
out_unlocked:
	return ret;
}

/* Its callers hold the lock, and get it back. */
int bank_flush(struct bank *b, int n)
{
	int ret = 0;

	if (!n)
		goto out; // ok: double-lock
	mutex_unlock(&b->config);
	cond_resched();
	mutex_lock(&b->config);
	ret = b->level;
out:
	mutex_unlock(&b->config);
	return ret;
}
