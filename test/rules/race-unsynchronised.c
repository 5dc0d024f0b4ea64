// fixture: what others change at the same time, used without the lock that keeps them out.
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/phylink.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/rtnetlink.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct bridge {
	struct pci_host_bridge *host;
	struct phylink *link;
	struct net_device *ndev;
	struct work_struct reset;
};

void bridge_deinit(struct bridge *b);

static void bridge_restart_locked(struct bridge *b)
{
	phylink_stop(b->link); // ok: race-unsynchronised
	phylink_start(b->link); // ok: race-unsynchronised
}

static void bridge_restart(struct bridge *b)
{
	phylink_stop(b->link); // warning: race-unsynchronised "phylink_stop() wants `rtnl_mutex` held by its caller, and nobody takes it here: call rtnl_lock() before"
	phylink_start(b->link);
}

static void bridge_reset_work(struct work_struct *work)
{
	struct bridge *b = container_of(work, struct bridge, reset);

	rtnl_lock();
	bridge_restart_locked(b);
	rtnl_unlock();
	bridge_restart(b); // related: race-unsynchronised "bridge_restart() called here"
}

static int bridge_open(struct net_device *ndev)
{
	struct bridge *b = netdev_priv(ndev);

	phylink_start(b->link); // ok: race-unsynchronised
	return 0;
}

static int bridge_stop(struct net_device *ndev)
{
	struct bridge *b = netdev_priv(ndev);

	phylink_stop(b->link); // ok: race-unsynchronised
	return 0;
}

static void bridge_halt(struct bridge *b, bool locked)
{
	if (!locked)
		rtnl_lock();
	phylink_stop(b->link); // ok: race-unsynchronised
	if (!locked)
		rtnl_unlock();
}

static int bridge_suspend(struct device *dev)
{
	struct bridge *b = dev_get_drvdata(dev);

	bridge_halt(b, false);
	return 0;
}

static int bridge_resume(struct device *dev)
{
	struct bridge *b = dev_get_drvdata(dev);

	dev_open(b->ndev, NULL); // warning: race-unsynchronised "dev_open() wants `rtnl_mutex`"
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(bridge_pm, bridge_suspend, bridge_resume);

static void bridge_remove(struct platform_device *pdev)
{
	struct bridge *b = platform_get_drvdata(pdev);

	cancel_work_sync(&b->reset);
	pci_stop_root_bus(b->host->bus); // warning: race-unsynchronised "pci_stop_root_bus() wants `pci_rescan_remove_lock` held by its caller, and nobody takes it here: call pci_lock_rescan_remove() before"
	pci_remove_root_bus(b->host->bus);
}

/* Of another file: its name says what it is for. */
void bridge_deinit(struct bridge *b)
{
	pci_lock_rescan_remove();
	pci_stop_root_bus(b->host->bus); // ok: race-unsynchronised
	pci_remove_root_bus(b->host->bus); // ok: race-unsynchronised
	pci_unlock_rescan_remove();
}

static int bridge_probe(struct platform_device *pdev)
{
	struct bridge *b;

	b = devm_kzalloc(&pdev->dev, sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;

	INIT_WORK(&b->reset, bridge_reset_work);
	platform_set_drvdata(pdev, b);
	return 0;
}

/* Bells: an interrupt and user space ring and silence them. */
struct sonar {
	void __iomem *regs;
	struct completion done;
	struct completion ready;
	wait_queue_head_t wait;
	bool heard;
};

int sonar_ping(struct sonar *s)
{
	unsigned long left;

	writel(1, s->regs); // related: race-unsynchronised "writel() starts what completes it"
	reinit_completion(&s->done); // warning: race-unsynchronised "`s->done` is made ready only after writel(): what completes it in between is lost"
	left = wait_for_completion_timeout(&s->done, msecs_to_jiffies(100));
	return left == 0 ? -ETIMEDOUT : 0;
}

int sonar_ping_twice(struct sonar *s)
{
	writel(1, s->regs);
	reinit_completion(&s->done); // ok: race-unsynchronised
	writel(2, s->regs);
	if (!wait_for_completion_timeout(&s->done, HZ))
		return -ETIMEDOUT;
	reinit_completion(&s->done); // ok: race-unsynchronised
	return wait_for_completion_timeout(&s->ready, HZ) ? 0 : -ETIMEDOUT;
}

int sonar_listen(struct sonar *s)
{
	long left;

	writel(4, s->regs);
	s->heard = false; // warning: race-unsynchronised "`s->heard` is cleared only after writel(): what sets it in between is lost"
	left = wait_event_timeout(s->wait, s->heard, HZ);
	return left ? 0 : -ETIMEDOUT;
}

static int ferry_stop(struct net_device *ndev)
{
	netif_stop_queue(ndev);
	return 0;
}

const struct net_device_ops ferry_netdev_ops = {
	.ndo_stop = ferry_stop,
};

static int ferry_suspend(struct device *dev)
{
	struct net_device *ndev = dev_get_drvdata(dev);
	int ret = 0;

	if (netif_running(ndev))
		ret = ferry_stop(ndev); // information: race-unsynchronised "ferry_stop() is called with `rtnl_mutex` held as network device operation .ndo_stop, and nobody takes it here: call rtnl_lock() before"
	return ret;
}

static int ferry_resume(struct device *dev)
{
	struct net_device *ndev = dev_get_drvdata(dev);

	rtnl_lock();
	ferry_stop(ndev); // ok: race-unsynchronised
	rtnl_unlock();
	return 0;
}

const struct dev_pm_ops ferry_pm = {
	SET_SYSTEM_SLEEP_PM_OPS(ferry_suspend, ferry_resume)
};

struct bells {
	spinlock_t lock;
	u32 ringing;
	u32 masked;
	u32 rung;
	u32 shown;
	int irq;
};

static irqreturn_t bells_irq(int irq, void *data)
{
	struct bells *b = data;

	spin_lock(&b->lock);
	b->ringing |= BIT(0); // related: race-unsynchronised "changed here with `bells.lock` held"
	b->masked |= BIT(0);
	b->rung++;
	spin_unlock(&b->lock);
	return IRQ_HANDLED;
}

static ssize_t bells_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct bells *b = file->private_data;

	spin_lock_irq(&b->lock);
	b->ringing &= ~BIT(0);
	b->masked &= ~BIT(0); // ok: race-unsynchronised
	spin_unlock_irq(&b->lock);
	b->shown++; // ok: race-unsynchronised
	return count;
}

static ssize_t bells_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct bells *b = file->private_data;

	b->masked &= ~BIT(2); // ok: race-unsynchronised
	disable_irq(b->irq);
	enable_irq(b->irq);
	return 0;
}

static void bells_hush(struct bells *b)
{
	b->ringing &= ~BIT(1); // hint: race-unsynchronised "`b->ringing` is changed without `bells.lock`, with which bells_irq() changes it in hardirq context: one change may be lost"
}

static long bells_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	bells_hush(file->private_data);
	return 0;
}

const struct file_operations bells_fops = {
	.owner = THIS_MODULE,
	.read = bells_read,
	.write = bells_write,
	.unlocked_ioctl = bells_ioctl,
};

static int bells_probe(struct platform_device *pdev)
{
	struct bells *b;

	b = devm_kzalloc(&pdev->dev, sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;

	spin_lock_init(&b->lock);
	b->ringing |= BIT(1); // ok: race-unsynchronised
	b->irq = platform_get_irq(pdev, 0);
	if (b->irq < 0)
		return b->irq;
	return devm_request_irq(&pdev->dev, b->irq, bells_irq, 0, "bells", b);
}

static struct platform_driver bells_driver = {
	.probe = bells_probe,
	.driver = {
		.name = "bells",
	},
};

const struct net_device_ops bridge_netdev_ops = {
	.ndo_open = bridge_open,
	.ndo_stop = bridge_stop,
};

static struct platform_driver bridge_driver = {
	.probe = bridge_probe,
	.remove = bridge_remove,
	.driver = {
		.name = "bridge",
		.pm = pm_sleep_ptr(&bridge_pm),
	},
};
module_platform_driver(bridge_driver);

MODULE_DESCRIPTION("Bridge");
MODULE_LICENSE("GPL");
