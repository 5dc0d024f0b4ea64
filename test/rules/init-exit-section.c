// fixture: a meter whose parts stay longer than what they refer to.
#include <linux/init.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static u32 meter_defaults[4] __initdata = { 1, 2, 3, 4 };
static u32 meter_scale;

static void __init meter_setup(void) // related: init-exit-section "meter_setup() is __init"
{
	meter_scale = meter_defaults[0]; // ok: init-exit-section
}

static void __exit meter_teardown(void)
{
	meter_scale = 0;
}

/* Only meter_init() calls it. */
static void meter_prepare(void)
{
	meter_setup(); // ok: init-exit-section
}

static int meter_reset(struct platform_device *pdev)
{
	meter_setup(); // warning: init-exit-section "meter_setup() is __init and is freed after initialisation, but meter_reset() calls it"
	return meter_defaults[1]; // warning: init-exit-section "`meter_defaults` is __initdata"
}

static int __init meter_probe(struct platform_device *pdev) // warning: init-exit-section "but `meter_driver` has it as .probe and stays"
{
	return meter_reset(pdev);
}

static void __exit meter_remove(struct platform_device *pdev) // warning: init-exit-section "meter_remove() is __exit and is not there when the driver is built in"
{
}

static void meter_shutdown(struct platform_device *pdev)
{
	meter_reset(pdev);
}

static struct platform_driver meter_driver = {
	.driver = { .name = "meter" },
	.probe = meter_probe, // related: init-exit-section "`meter_driver` names it here"
	.remove = meter_remove,
	.shutdown = meter_shutdown,
};

static int __init once_probe(struct platform_device *pdev)
{
	return meter_reset(pdev);
}

static void __exit once_remove(struct platform_device *pdev)
{
}

static struct platform_driver once_driver = {
	.driver = { .name = "once" },
	.probe = once_probe, // ok: init-exit-section
	.remove = __exit_p(once_remove), // ok: init-exit-section
};

static int __init meter_init(void)
{
	int ret;

	meter_prepare();
	ret = platform_driver_register(&meter_driver);
	if (ret)
		return ret;

	ret = platform_driver_probe(&once_driver, once_probe);
	if (ret) {
		meter_teardown(); // warning: init-exit-section "meter_teardown() is __exit and is not there when the driver is built in, but meter_init() calls it"
		platform_driver_unregister(&meter_driver);
	}
	return ret;
}
module_init(meter_init); // ok: init-exit-section

static void __exit meter_exit(void)
{
	platform_driver_unregister(&once_driver);
	platform_driver_unregister(&meter_driver);
	meter_teardown();
}
module_exit(meter_exit);

static int __init meter_first_probe(struct platform_device *pdev)
{
	return 0;
}

#if 0
static struct platform_driver meter_first_driver = {
	.probe = meter_first_probe, // ok: init-exit-section
	.driver = { .name = "first" },
};
#endif

int __init meter_find(struct platform_device *pdev)
{
	return meter_first_probe(pdev);
}

/* The mark may stand before the type. */
__init void meter_look(struct platform_device *pdev)
{
	meter_first_probe(pdev); // ok: init-exit-section
}

MODULE_DESCRIPTION("Meter");
MODULE_LICENSE("GPL");
