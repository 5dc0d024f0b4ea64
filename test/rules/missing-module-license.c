// SPDX-License-Identifier: GPL-2.0
// fixture: a driver that forgets its licence.
#include <linux/i2c.h>
#include <linux/module.h>

static int sensor_probe(struct i2c_client *client)
{
	dev_info(&client->dev, "found\n");
	return 0;
}

static const struct i2c_device_id sensor_ids[] = {
	{ "sensor" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, sensor_ids); // ok: missing-module-license

static struct i2c_driver sensor_driver = {
	.driver = { .name = "sensor" },
	.probe = sensor_probe,
	.id_table = sensor_ids,
};
module_i2c_driver(sensor_driver); // error: missing-module-license "module_i2c_driver() makes this a module"

static int debug;
module_param(debug, int, 0444); // ok: missing-module-license
MODULE_PARM_DESC(debug, "more messages"); // ok: missing-module-license

MODULE_AUTHOR("A. Person");
MODULE_DESCRIPTION("Sensor");
