// fixture: references that are taken and neither put, nor stored, nor returned.
#include <linux/device.h>
#include <linux/err.h>
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/usb.h>
#include <net/route.h>
#include <scsi/scsi_device.h>

struct tuner {
	struct device *dev;
	struct device_node *supply;
	struct pci_dev *bridge;
	u32 rate;
};

int tuner_adopt(struct tuner *t, struct device_node *np);
int tuner_link_get(struct device *dev);
void tuner_link_put(struct device *dev);

static int tuner_read_rate(struct tuner *t)
{
	struct device_node *np;
	int ret;

	np = of_parse_phandle(t->dev->of_node, "tuner", 0); // related: refcount-leak "of_node_put() gives it back"
	if (!np)
		return -ENODEV; // ok: refcount-leak

	ret = of_property_read_u32(np, "rate", &t->rate);
	return ret; // warning: refcount-leak "`np` from of_parse_phandle() is not released"
}

static int tuner_early(struct tuner *t)
{
	struct device_node *np = of_get_child_by_name(t->dev->of_node, "tuner");

	if (!np)
		return -EPROBE_DEFER; // ok: refcount-leak
	if (of_property_read_u32(np, "rate", &t->rate))
		return -EPROBE_DEFER; // warning: refcount-leak "`np` from of_get_child_by_name()"
	of_node_put(np);
	return 0; // ok: refcount-leak
}

static int tuner_twice(struct tuner *t)
{
	struct device_node *np;
	u32 rate;

	np = of_get_child_by_name(t->dev->of_node, "first");
	if (np && !of_property_read_u32(np, "rate", &rate))
		t->rate = rate;
	np = of_get_child_by_name(t->dev->of_node, "second"); // warning: refcount-leak "before it is overwritten here"
	if (np && !of_property_read_u32(np, "rate", &rate))
		t->rate += rate;
	of_node_put(np);
	return 0;
}

static int tuner_children(struct tuner *t)
{
	struct device_node *child;

	for_each_child_of_node(t->dev->of_node, child) {
		if (of_property_read_u32(child, "rate", &t->rate))
			return -EINVAL; // warning: refcount-leak "`child` from for_each_child_of_node()"
	}
	return 0; // ok: refcount-leak
}

/* Its caller has to put what it returns. */
static struct pci_dev *tuner_bridge(u32 slot)
{
	struct pci_dev *pdev;

	pdev = pci_get_domain_bus_and_slot(0, 0, slot);
	if (!pdev)
		return NULL; // ok: refcount-leak
	return pdev; // ok: refcount-leak
}

static int tuner_probe_bridge(struct tuner *t)
{
	struct pci_dev *pdev = tuner_bridge(3);

	if (!pdev)
		return -ENODEV; // ok: refcount-leak
	pci_read_config_dword(pdev, 4, &t->rate);
	if (!t->rate)
		return -EIO; // warning: refcount-leak "`pdev` from tuner_bridge()"
	t->bridge = pdev;
	return 0; // ok: refcount-leak
}

static int tuner_by_device(struct tuner *t, struct device_node *np)
{
	struct platform_device *pdev = of_find_device_by_node(np);

	if (!pdev)
		return -ENODEV;
	t->rate = platform_get_irq(pdev, 0);
	put_device(&pdev->dev);
	return 0; // ok: refcount-leak
}

static int tuner_given(struct tuner *t)
{
	struct device_node *np = of_get_child_by_name(t->dev->of_node, "tuner");

	if (!np)
		return -ENODEV;
	/* The tuner core puts the node, or keeps it. */
	return tuner_adopt(t, np); // ok: refcount-leak
}

static int tuner_resume(struct tuner *t)
{
	int ret;

	ret = pm_runtime_get_sync(t->dev); // related: refcount-leak "pm_runtime_get_sync()"
	if (ret < 0)
		return ret; // warning: refcount-leak "pm_runtime_get_sync() of `t->dev` is not undone on this error path"
	t->rate = 1;
	pm_runtime_put(t->dev);
	return 0;
}

static int tuner_probe(struct platform_device *pdev)
{
	struct tuner *t;
	int ret;

	t = devm_kzalloc(&pdev->dev, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM; // ok: refcount-leak
	t->dev = &pdev->dev;
	platform_set_drvdata(pdev, t);

	ret = tuner_link_get(&pdev->dev); // related: refcount-leak "called here; tuner_link_put() undoes it"
	if (ret)
		return ret; // ok: refcount-leak

	t->supply = of_parse_phandle(pdev->dev.of_node, "supply", 0);
	if (!t->supply)
		return -ENODEV; // warning: refcount-leak "tuner_link_get() is not undone on this error path"

	ret = tuner_read_rate(t) ?: tuner_early(t) ?: tuner_twice(t) ?: tuner_children(t) ?: tuner_probe_bridge(t) ?:
	      tuner_by_device(t, t->supply) ?: tuner_given(t) ?: tuner_resume(t);
	if (ret)
		goto err_put;
	return 0;

err_put:
	pci_dev_put(t->bridge);
	of_node_put(t->supply);
	tuner_link_put(&pdev->dev);
	return ret; // ok: refcount-leak
}

static void tuner_remove(struct platform_device *pdev) // warning: refcount-leak "`t->supply`, obtained by of_parse_phandle() in tuner_probe(), is not released here: of_node_put() is missing"
{
	struct tuner *t = platform_get_drvdata(pdev);

	pci_dev_put(t->bridge);
	tuner_link_put(&pdev->dev);
}

static struct platform_driver tuner_driver = {
	.probe = tuner_probe,
	.remove = tuner_remove,
	.driver = {
		.name = "tuner",
	},
};
module_platform_driver(tuner_driver);

/* What is returned leads back to the device, by which it is put later. */
struct tuner *tuner_find(u32 slot)
{
	struct pci_dev *pdev = pci_get_domain_bus_and_slot(0, 0, slot);
	struct tuner *t;

	if (!pdev)
		return NULL;
	t = pci_get_drvdata(pdev);
	return t; // ok: refcount-leak
}

/* The node that a phandle with arguments leads to. */
int tuner_port(struct tuner *t)
{
	struct of_phandle_args args;

	if (of_parse_phandle_with_args(t->dev->of_node, "port", "#port-cells", 0, &args))
		return -ENODEV; // ok: refcount-leak
	if (args.args_count != 1)
		return -EINVAL; // warning: refcount-leak "`args.np` from of_parse_phandle_with_args() is not released on this error path"
	t->rate = args.args[0];
	return 0; // related: refcount-leak "nor on this way out"
}

/* What it leads to is not the element itself. */
int tuner_drain(struct usb_anchor *anchor)
{
	struct urb *urb;
	int sent = 0;

	while ((urb = usb_get_from_anchor(anchor))) { // warning: refcount-leak "`urb` from usb_get_from_anchor() is not released before it is overwritten here"
		struct tuner *t = urb->context;

		if (t->rate == 0)
			continue;
		sent++;
		usb_put_urb(urb);
	}
	return sent;
}

int tuner_rescan(struct Scsi_Host *host, u32 lun)
{
	struct scsi_device *sdev = scsi_device_lookup(host, 0, 0, lun);

	if (!sdev)
		return -ENODEV; // ok: refcount-leak
	if (!sdev->hostdata)
		return -EBUSY; // warning: refcount-leak "`sdev` from scsi_device_lookup() is not released on this error path"
	scsi_device_put(sdev);
	return 0;
}

int tuner_route(struct net *net, struct flowi4 *fl4, u32 *mtu)
{
	struct rtable *rt = ip_route_output_key(net, fl4);

	if (IS_ERR(rt))
		return PTR_ERR(rt); // ok: refcount-leak
	if (!rt->dst.dev)
		return -ENODEV; // warning: refcount-leak "`rt` from ip_route_output_key() is not released"
	*mtu = rt->dst.dev->mtu;
	ip_rt_put(rt);
	return 0;
}

/* A list element is never NULL: what is found is kept. */
static int tuner_open(struct inode *inode, struct file *file)
{
	struct tuner *found = NULL, *each;
	int ret;

	list_for_each_entry(each, tuner_list(inode), node)
		if (each->rate == inode->i_rdev) {
			tuner_conn_get(each);
			found = each;
			break;
		}
	if (!found)
		return -ENODEV; // ok: refcount-leak
	ret = tuner_start(found);
	if (ret)
		tuner_conn_put(found);
	return ret;
}

static int tuner_release(struct inode *inode, struct file *file)
{
	tuner_conn_put(file->private_data);
	return 0;
}

static const struct file_operations tuner_fops = {
	.owner = THIS_MODULE,
	.open = tuner_open,
	.release = tuner_release,
};

/* The flag says that it is on, and whoever switches it off asks the flag. */
static int tuner_power(struct tuner *t, bool on)
{
	int ret;

	if (on) {
		if (!t->powered) {
			pm_runtime_get_sync(t->dev);
			t->powered = true;
		}
		ret = device_reset(t->dev);
		if (ret)
			return ret; // ok: refcount-leak
	} else if (t->powered) {
		pm_runtime_put(t->dev);
		t->powered = false;
	}
	return 0;
}

static int tuner_enable(struct platform_device *pdev)
{
	return tuner_power(platform_get_drvdata(pdev), true);
}

static struct platform_driver tuner_power_driver = {
	.probe = tuner_enable,
	.driver = {
		.name = "tuner-power",
	},
};

MODULE_DESCRIPTION("Tuner");
MODULE_LICENSE("GPL");
