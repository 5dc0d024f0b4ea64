// fixture: a port that gives buffers back where it may.
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
	dev_kfree_skb_irq(port->pending);
	port->pending = NULL;
	spin_unlock_irqrestore(&port->lock, flags);
}

static void port_drop(struct port *port)
{
	spin_lock(&port->lock);
	kfree_skb(port->pending);
	spin_unlock(&port->lock);
}

static irqreturn_t port_handler(int irq, void *data)
{
	struct port *port = data;

	dev_consume_skb_irq(port->pending);
	return IRQ_HANDLED;
}

static void port_nested(struct port *port)
{
	local_bh_disable();
	local_bh_enable();
}

static void port_work(struct work_struct *work)
{
	struct port *port = container_of(work, struct port, work);

	cancel_work_sync(&port->other);
}

static void port_timer(struct timer_list *timer)
{
	struct port *port = container_of(timer, struct port, timer);

	timer_delete(&port->timer);
}

static void port_other(struct work_struct *work)
{
	struct port *port = container_of(work, struct port, other);

	cancel_work_sync(&port->work);
	port_drop(port);
}

static int port_setup(struct port *port, int irq)
{
	INIT_WORK(&port->work, port_work);
	INIT_WORK(&port->other, port_other);
	timer_setup(&port->timer, port_timer, 0);
	return request_irq(irq, port_handler, 0, "port", port);
}
