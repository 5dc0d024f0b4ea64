// fixture: a port that gives buffers back in the wrong places, and waits for itself.
#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

struct port {
	spinlock_t lock;
	spinlock_t queue_lock;
	struct sk_buff *pending;
	struct work_struct work;
	struct work_struct other;
	struct timer_list timer;
};

static void port_stop(struct port *port)
{
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	kfree_skb(port->pending); // warning: atomic-context-api "kfree_skb() may not be called with interrupts off, and interrupts are disabled here: use dev_kfree_skb_irq()"
	port->pending = NULL;
	spin_unlock_irqrestore(&port->lock, flags);
}

static void port_drop(struct port *port)
{
	spin_lock(&port->lock);
	kfree_skb(port->pending); // ok: atomic-context-api
	spin_unlock(&port->lock);
}

static irqreturn_t port_handler(int irq, void *data)
{
	struct port *port = data;

	consume_skb(port->pending); // warning: atomic-context-api "port_handler() runs in hardirq context: use dev_consume_skb_irq()"
	return IRQ_HANDLED;
}

static void port_nested(struct port *port)
{
	spin_lock_irq(&port->lock);
	local_bh_disable();
	local_bh_enable(); // warning: atomic-context-api "it would run softirqs"
	spin_unlock_irq(&port->lock);
	local_bh_disable();
	local_bh_enable(); // ok: atomic-context-api
}

static void port_work(struct work_struct *work)
{
	struct port *port = container_of(work, struct port, work);

	cancel_work_sync(&port->other); // ok: atomic-context-api
	cancel_work_sync(&port->work); // error: atomic-context-api "cancel_work_sync() waits until port_work() has returned, and port_work() calls it"
}

static void port_timer(struct timer_list *timer)
{
	struct port *port = container_of(timer, struct port, timer);

	timer_delete_sync(&port->timer); // error: atomic-context-api "neither ever ends"
}

static void port_other(struct work_struct *work)
{
	struct port *port = container_of(work, struct port, other);

	cancel_work_sync(&port->work); // ok: atomic-context-api
	port_drop(port);
}

static int port_setup(struct port *port, int irq)
{
	INIT_WORK(&port->work, port_work); // related: atomic-context-api "port_work() is set up here"
	INIT_WORK(&port->other, port_other);
	timer_setup(&port->timer, port_timer, 0);
	return request_irq(irq, port_handler, 0, "port", port); // related: atomic-context-api "it runs in hardirq context"
}
