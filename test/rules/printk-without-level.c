// fixture: a greeter that does not say how important it is.
#include <linux/module.h>
#include <linux/printk.h>

static const char *greeting = "hello\n";

static int __init greeter_init(void)
{
	printk("hello\n"); // hint: printk-without-level "this message has no level"
	printk(KERN_INFO "hello\n"); // ok: printk-without-level
	printk(greeting); // ok: printk-without-level
	pr_info("hello\n"); // ok: printk-without-level
	return 0;
}
module_init(greeter_init);

MODULE_DESCRIPTION("Greeter");
MODULE_LICENSE("GPL");
