// fixture: devices that users reach before the driver is ready.
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

struct meter {
	struct miscdevice misc;
	struct net_device *ndev;
	struct mutex lock;
	struct mutex mode_lock;
	spinlock_t tx_lock;
	struct work_struct reset;
	u32 mode;
};

static void meter_reset(struct work_struct *work)
{
	struct meter *m = container_of(work, struct meter, reset);

	m->mode = 0;
}

static long meter_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct meter *m = container_of(file->private_data, struct meter, misc);

	mutex_lock(&m->lock); // related: registered-before-ready "meter_ioctl() uses `m->lock` here"
	m->mode = cmd;
	mutex_unlock(&m->lock);
	return 0;
}

static int meter_release(struct inode *inode, struct file *file)
{
	struct meter *m = container_of(file->private_data, struct meter, misc);

	mutex_lock(&m->mode_lock);
	m->mode = 0;
	mutex_unlock(&m->mode_lock);
	return 0;
}

static const struct file_operations meter_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = meter_ioctl,
	.release = meter_release,
};

static void meter_tx_timeout(struct net_device *ndev, unsigned int queue)
{
	struct meter *m = netdev_priv(ndev);

	schedule_work(&m->reset);
}

static netdev_tx_t meter_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	struct meter *m = netdev_priv(ndev);

	spin_lock(&m->tx_lock);
	spin_unlock(&m->tx_lock);
	return NETDEV_TX_BUSY;
}

static const struct net_device_ops meter_netdev_ops = {
	.ndo_start_xmit = meter_xmit,
	.ndo_tx_timeout = meter_tx_timeout,
};

static int meter_add(struct meter *m)
{
	int ret;

	m->misc.name = "meter";
	m->misc.minor = MISC_DYNAMIC_MINOR;
	m->misc.fops = &meter_fops;
	ret = misc_register(&m->misc); // warning: registered-before-ready "`m->lock` (mutex) is set up only after misc_register(), but meter_ioctl() uses it"
	if (ret)
		return ret;
	mutex_init(&m->lock); // related: registered-before-ready "`m->lock` (mutex) is set up here"
	mutex_init(&m->mode_lock); // ok: registered-before-ready
	return 0;
}

static int meter_add_net(struct net_device *ndev)
{
	struct meter *m = netdev_priv(ndev);
	int ret;

	m->ndev = ndev;
	ndev->netdev_ops = &meter_netdev_ops;
	ret = register_netdev(ndev); // warning: registered-before-ready "`m->tx_lock` (spinlock) and `m->reset` (work item) are set up only after register_netdev(), but meter_xmit() and meter_tx_timeout() use them"
	if (ret)
		return ret;
	INIT_WORK(&m->reset, meter_reset);
	spin_lock_init(&m->tx_lock);
	return 0;
}

struct gauge {
	struct miscdevice misc;
	struct mutex lock;
	struct mutex scale_lock;
	bool calibrated;
};

static ssize_t gauge_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct gauge *g = container_of(file->private_data, struct gauge, misc);

	if (!g->calibrated)
		return -EAGAIN;
	mutex_lock(&g->scale_lock); // ok: registered-before-ready
	mutex_unlock(&g->scale_lock);
	mutex_lock(&g->lock);
	mutex_unlock(&g->lock);
	return 0;
}

static const struct file_operations gauge_fops = {
	.owner = THIS_MODULE,
	.read = gauge_read,
};

/* Nobody reads before it is calibrated. */
static int gauge_add(struct gauge *g)
{
	int ret;

	mutex_init(&g->lock);
	g->misc.minor = MISC_DYNAMIC_MINOR;
	g->misc.fops = &gauge_fops;
	ret = misc_register(&g->misc); // ok: registered-before-ready
	if (ret)
		return ret;
	mutex_init(&g->scale_lock);
	g->calibrated = true;
	return 0;
}

int meter_start(struct meter *m, struct net_device *ndev, struct gauge *g)
{
	int ret = meter_add(m) ?: gauge_add(g);

	return ret ? ret : meter_add_net(ndev);
}

struct sensor {
	int range;
};

static ssize_t range_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct sensor *s = dev_get_drvdata(dev); // related: registered-before-ready "range_show() reads the driver data here"

	return sysfs_emit(buf, "%d\n", s->range);
}
static DEVICE_ATTR_RO(range);

static struct attribute *sensor_attrs[] = {
	&dev_attr_range.attr,
	NULL
};

static const struct attribute_group sensor_group = {
	.attrs = sensor_attrs,
};

static int sensor_probe(struct platform_device *pdev)
{
	struct sensor *s;
	int ret;

	s = devm_kzalloc(&pdev->dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	ret = sysfs_create_group(&pdev->dev.kobj, &sensor_group); // warning: registered-before-ready "the driver data is set up only after sysfs_create_group(), but range_show() uses it"
	if (ret)
		return ret;
	platform_set_drvdata(pdev, s);
	return 0;
}

static struct platform_driver sensor_driver = {
	.probe = sensor_probe,
};

struct radio {
	struct cdev cdev;
	struct mutex lock;
};

static int radio_open(struct inode *inode, struct file *file)
{
	struct radio *r = container_of(inode->i_cdev, struct radio, cdev);

	mutex_lock(&r->lock);
	mutex_unlock(&r->lock);
	return 0;
}

static const struct file_operations radio_fops = {
	.owner = THIS_MODULE,
	.open = radio_open,
};

int radio_add(struct radio *r, dev_t devt)
{
	int ret;

	cdev_init(&r->cdev, &radio_fops);
	ret = cdev_add(&r->cdev, devt, 1); // warning: registered-before-ready "`r->lock` (mutex) is set up only after cdev_add(), but radio_open() uses it"
	if (ret)
		return ret;
	mutex_init(&r->lock);
	return 0;
}

struct dial {
	struct miscdevice misc;
	struct mutex lock;
};

struct dial *dial_get_first(void);

static int dial_open(struct inode *inode, struct file *file)
{
	struct dial *d = dial_get_first();

	mutex_lock(&d->lock);
	mutex_unlock(&d->lock);
	return 0;
}

static const struct file_operations dial_fops = {
	.owner = THIS_MODULE,
	.open = dial_open,
};

int dial_add(struct dial *d)
{
	int ret;

	d->misc.fops = &dial_fops;
	ret = misc_register(&d->misc); // warning: registered-before-ready "`d->lock` (mutex) is set up only after misc_register(), but dial_open() uses it"
	if (ret)
		return ret;
	mutex_init(&d->lock);
	return 0;
}

MODULE_LICENSE("GPL");
