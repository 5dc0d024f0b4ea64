// fixture: things that are taken down while something still uses them.
#include <linux/clk.h>
#include <linux/dmaengine.h>
#include <linux/i2c.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spi/spi.h>
#include <linux/workqueue.h>

struct charger {
	int irq;
	struct delayed_work work;
	struct work_struct idle_work;
	bool leaving;
	struct clk *clk;
	struct clk *bus_clk;
	struct regmap *map;
};

/* The interrupt queues the work. */
static irqreturn_t charger_irq(int irq, void *data)
{
	struct charger *c = data;

	schedule_delayed_work(&c->work, HZ / 10); // related: wrong-cleanup-order "charger_irq() calls schedule_delayed_work() here"
	if (!c->leaving)
		schedule_work(&c->idle_work);
	return IRQ_HANDLED;
}

static int charger_probe(struct platform_device *pdev)
{
	struct charger *c = platform_get_drvdata(pdev);

	return request_threaded_irq(c->irq, NULL, charger_irq, IRQF_ONESHOT, "charger", c);
}

static void charger_remove(struct platform_device *pdev)
{
	struct charger *c = platform_get_drvdata(pdev);

	c->leaving = true;
	cancel_delayed_work_sync(&c->work); // warning: wrong-cleanup-order "cancel_delayed_work_sync() stops `c->work` before free_irq(): until then charger_irq() may queue it again"
	cancel_work_sync(&c->idle_work); // ok: wrong-cleanup-order
	free_irq(c->irq, c); // related: wrong-cleanup-order "free_irq() comes only here"
}

static struct platform_driver charger_driver = {
	.probe = charger_probe,
	.remove = charger_remove,
};

/* It is masked first. */
struct fan {
	int irq;
	void __iomem *regs;
	struct work_struct work;
};

static irqreturn_t fan_irq(int irq, void *data)
{
	struct fan *f = data;

	schedule_work(&f->work);
	return IRQ_HANDLED;
}

static int fan_probe(struct platform_device *pdev)
{
	struct fan *f = platform_get_drvdata(pdev);

	return request_irq(f->irq, fan_irq, 0, "fan", f);
}

static void fan_remove(struct platform_device *pdev)
{
	struct fan *f = platform_get_drvdata(pdev);

	writel(0, f->regs);
	cancel_work_sync(&f->work); // ok: wrong-cleanup-order
	free_irq(f->irq, f);
}

static struct platform_driver fan_driver = {
	.probe = fan_probe,
	.remove = fan_remove,
};

/* A network device whose transmit timeout queues a reset. */
struct port {
	struct net_device *ndev;
	struct work_struct reset;
};

static void port_tx_timeout(struct net_device *ndev, unsigned int queue)
{
	struct port *p = netdev_priv(ndev);

	schedule_work(&p->reset);
}

static const struct net_device_ops port_netdev_ops = {
	.ndo_tx_timeout = port_tx_timeout,
};

static void port_remove(struct platform_device *pdev)
{
	struct port *p = platform_get_drvdata(pdev);

	cancel_work_sync(&p->reset); // warning: wrong-cleanup-order "cancel_work_sync() stops `p->reset` before unregister_netdev(): until then port_tx_timeout() may queue it again"
	unregister_netdev(p->ndev);
}

static struct platform_driver port_driver = {
	.remove = port_remove,
};

struct flash {
	struct clk *clk;
	struct spi_controller *ctlr;
	struct dma_chan *rx;
};

static int flash_enable(struct flash *f)
{
	return clk_prepare_enable(f->clk);
}

static void flash_disable(struct flash *f)
{
	clk_disable_unprepare(f->clk);
}

static int flash_probe(struct platform_device *pdev)
{
	struct flash *f = platform_get_drvdata(pdev);
	int ret;

	ret = flash_enable(f);
	if (ret)
		return ret;
	ret = devm_spi_register_controller(&pdev->dev, f->ctlr); // related: wrong-cleanup-order "registered here; the driver core unregisters it"
	if (ret)
		flash_disable(f);
	return ret;
}

static void flash_remove(struct platform_device *pdev)
{
	struct flash *f = platform_get_drvdata(pdev);

	flash_disable(f); // warning: wrong-cleanup-order "clk_disable_unprepare() releases `f->clk` while the device that devm_spi_register_controller() registered may still be in use"
}

static struct platform_driver flash_driver = {
	.probe = flash_probe,
	.remove = flash_remove,
};

struct bus {
	struct i2c_adapter adap;
	struct clk *clk;
	struct clk *bus_clk;
};

static int bus_probe(struct platform_device *pdev)
{
	struct bus *b = platform_get_drvdata(pdev);
	int ret;

	ret = clk_prepare_enable(b->clk);
	if (ret)
		return ret;
	ret = i2c_add_adapter(&b->adap);
	if (ret)
		clk_disable_unprepare(b->clk);
	return ret;
}

static void bus_remove(struct platform_device *pdev)
{
	struct bus *b = platform_get_drvdata(pdev);

	clk_disable_unprepare(b->clk); // warning: wrong-cleanup-order "clk_disable_unprepare() releases `b->clk` while the device that i2c_add_adapter() registered may still be in use: call i2c_del_adapter() first"
	i2c_del_adapter(&b->adap); // related: wrong-cleanup-order "i2c_del_adapter() unregisters it only here"
}

static struct platform_driver bus_driver = {
	.probe = bus_probe,
	.remove = bus_remove,
};

static int bus_power_up(struct bus *b)
{
	int ret;

	ret = clk_prepare_enable(b->clk); // warning: wrong-cleanup-order "clk_disable_unprepare() is called for `b->clk` even when clk_prepare_enable() failed"
	if (ret)
		goto err_clk;
	ret = clk_prepare_enable(b->bus_clk); // ok: wrong-cleanup-order
	if (ret)
		goto err_clk;
	return 0;

err_clk:
	clk_disable_unprepare(b->clk); // related: wrong-cleanup-order "clk_disable_unprepare() is reached from the failure"
	return ret;
}

/* Nobody looks whether it could be switched on, so that it is switched off in any case. */
static int bus_try(struct bus *b)
{
	int ret;

	clk_prepare_enable(b->clk); // ok: wrong-cleanup-order
	ret = i2c_add_adapter(&b->adap);
	if (ret)
		clk_disable_unprepare(b->clk);
	return ret;
}

/* The handler reads the registers. */
struct meter {
	int irq;
	void __iomem *regs;
	void *scratch;
};

static irqreturn_t meter_irq(int irq, void *data)
{
	struct meter *m = data;

	return readl(m->regs + 4) ? IRQ_HANDLED : IRQ_NONE;
}

static int meter_probe(struct platform_device *pdev)
{
	struct meter *m = platform_get_drvdata(pdev);

	return request_irq(m->irq, meter_irq, IRQF_SHARED, "meter", m);
}

static void meter_remove(struct platform_device *pdev)
{
	struct meter *m = platform_get_drvdata(pdev);

	kfree(m->scratch); // ok: wrong-cleanup-order
	iounmap(m->regs); // warning: wrong-cleanup-order "iounmap() frees `m->regs` before free_irq(): until then meter_irq() may use it"
	free_irq(m->irq, m);
}

static struct platform_driver meter_driver = {
	.probe = meter_probe,
	.remove = meter_remove,
};

/* What is queued in between is stopped again. */
struct lamp {
	int irq;
	struct work_struct work;
};

static irqreturn_t lamp_irq(int irq, void *data)
{
	struct lamp *l = data;

	schedule_work(&l->work);
	return IRQ_HANDLED;
}

static int lamp_probe(struct platform_device *pdev)
{
	struct lamp *l = platform_get_drvdata(pdev);

	return request_irq(l->irq, lamp_irq, 0, "lamp", l);
}

static void lamp_remove(struct platform_device *pdev)
{
	struct lamp *l = platform_get_drvdata(pdev);

	cancel_work_sync(&l->work); // ok: wrong-cleanup-order
	free_irq(l->irq, l);
	cancel_work_sync(&l->work);
}

static struct platform_driver lamp_driver = {
	.probe = lamp_probe,
	.remove = lamp_remove,
};

MODULE_LICENSE("GPL");
