// fixture: which locks are held where, whatever the rules make of it
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct gauge {
	spinlock_t lock;
	struct mutex config;
	struct work_struct work;
	bool shared;
	int level;
};

static void gauge_lock(struct gauge *g)
{
	spin_lock(&g->lock);
}

static void gauge_unlock(struct gauge *g)
{
	spin_unlock(&g->lock);
}

static int gauge_level(struct gauge *g)
{
	return g->level; // reveals: context=hardirq held=none
}

static irqreturn_t gauge_irq(int irq, void *data)
{
	struct gauge *g = data;

	spin_lock(&g->lock); // reveals: context=hardirq held=none
	g->level = gauge_level(g); // reveals: context=hardirq held=g->lock
	spin_unlock(&g->lock);
	g->level++; // reveals: context=hardirq held=none
	return IRQ_HANDLED;
}

static void gauge_work(struct work_struct *work)
{
	struct gauge *g = container_of(work, struct gauge, work);

	guard(mutex)(&g->config);
	g->level = 0; // reveals: context=process held=g->config
	if (g->shared)
		gauge_lock(g);
	g->level = 1; // reveals: held=g->config sometimes=g->lock
	if (g->shared)
		gauge_unlock(g);
	g->level = 2; // reveals: held=g->config sometimes=none
	scoped_guard(spinlock_irqsave, &g->lock) {
		g->level = 3; // reveals: held=g->config,g->lock
	}
	g->level = 4; // reveals: held=g->config
}

static int gauge_try(struct gauge *g)
{
	if (!mutex_trylock(&g->config))
		return g->level; // reveals: held=none
	g->level = 5; // reveals: held=g->config
	mutex_unlock(&g->config);
	if (mutex_lock_interruptible(&g->config))
		return g->level; // reveals: held=none
	g->level = 6; // reveals: held=g->config
	mutex_unlock(&g->config);
	rcu_read_lock();
	g->level = 7; // reveals: held=rcu
	rcu_read_unlock();
	return 0;
}

static void gauge_loop(struct gauge *g, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		mutex_lock(&g->config);
		if (g->level == i) {
			g->level = 8; // reveals: held=g->config
			mutex_unlock(&g->config);
			continue;
		}
		if (g->level > count)
			goto out;
		mutex_unlock(&g->config);
	}
	g->level = 9; // reveals: held=none
	return;
out:
	g->level = 10; // reveals: held=g->config
	mutex_unlock(&g->config);
}

static int gauge_probe(struct gauge *g, int irq)
{
	INIT_WORK(&g->work, gauge_work);
	return request_irq(irq, gauge_irq, 0, "gauge", g);
}
