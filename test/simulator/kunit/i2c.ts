// KUnit: linux/i2c, with a driver of a serial EEPROM.
// devices: at24
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { msleep } from "linux/delay";
import { dev_info, dev_name } from "linux/device";
import { EREMOTEIO } from "linux/errno";
import {
  I2C_M_RD,
  i2c_add_driver,
  type i2c_client,
  i2c_client_get_device_id,
  i2c_del_driver,
  i2c_driver,
  i2c_get_clientdata,
  i2c_master_recv,
  i2c_master_send,
  i2c_msg,
  i2c_set_clientdata,
  i2c_smbus_read_byte,
  i2c_smbus_read_byte_data,
  i2c_smbus_read_word_data,
  i2c_smbus_write_byte,
  i2c_smbus_write_byte_data,
  i2c_smbus_write_word_data,
  i2c_transfer,
  module_i2c_driver,
} from "linux/i2c";
import { MODULE_LICENSE } from "linux/module";
import { array, type int, on_stack, type Ref, struct, u8, u32 } from "linux/types";

const eeprom = struct("eeprom", { probed: u32, removed: u32 });
const state = eeprom({});
let chip: Ref<i2c_client>;

function eeprom_probe(client: Ref<i2c_client>): int {
  chip = client;
  state.probed += 1;
  i2c_set_clientdata(client, state);
  dev_info(client.dev, "%s at 0x%x\n", client.name, client.addr);
  return 0;
}

function eeprom_remove(client: Ref<i2c_client>): void {
  i2c_get_clientdata(client, eeprom).removed += 1;
}

const eeprom_driver = i2c_driver({
  probe: eeprom_probe,
  remove: eeprom_remove,
  driver: { name: "eeprom", of_match_table: [{ compatible: "atmel,24c32" }] },
});
module_i2c_driver(eeprom_driver);

const by_name = i2c_driver({
  probe: (client: Ref<i2c_client>) => {
    state.probed = i2c_client_get_device_id(client)!.driver_data;
    return 0;
  },
  driver: { name: "by-name" },
  id_table: [
    { name: "24c64", driver_data: 64 },
    { name: "24c32", driver_data: 32 },
  ],
});

function i2c_test_messages(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, state.probed, 1);
  KUNIT_EXPECT_STREQ(test, dev_name(chip.dev), "0-0050");
  const out = on_stack(array(u8, 6));
  out[0] = 0;
  out[1] = 0x10;
  for (let i = 2; i < 6; i++) out[i] = 0x40 + i;
  KUNIT_EXPECT_EQ(test, i2c_master_send(chip, out, 6), 6);
  // It does not answer while it writes.
  KUNIT_EXPECT_EQ(test, i2c_master_send(chip, out, 2), -EREMOTEIO);
  msleep(10);
  KUNIT_EXPECT_EQ(test, i2c_master_send(chip, out, 2), 2);
  const back = on_stack(array(u8, 4));
  KUNIT_EXPECT_EQ(test, i2c_master_recv(chip, back, 4), 4);
  KUNIT_EXPECT_EQ(test, back[3], 0x45);
  const msgs = on_stack(array(i2c_msg, 2));
  msgs[0].addr = chip.addr;
  msgs[0].flags = 0;
  msgs[0].len = 2;
  msgs[0].buf = out;
  msgs[1].addr = chip.addr;
  msgs[1].flags = I2C_M_RD;
  msgs[1].len = 1;
  msgs[1].buf = back;
  KUNIT_EXPECT_EQ(test, i2c_transfer(chip.adapter, msgs, 2), 2);
  KUNIT_EXPECT_EQ(test, back[0], 0x42);
  msgs[1].addr = 0x51;
  KUNIT_EXPECT_EQ(test, i2c_transfer(chip.adapter, msgs, 2), -EREMOTEIO);
}

function i2c_test_smbus(test: Ref<kunit>): void {
  // A command and a byte are the two bytes of an address in the memory.
  KUNIT_EXPECT_EQ(test, i2c_smbus_write_byte_data(chip, 0, 0x11), 0);
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_byte(chip), 0x43);
  KUNIT_EXPECT_EQ(test, i2c_smbus_write_word_data(chip, 0, 0x7712), 0);
  msleep(10);
  i2c_smbus_write_byte_data(chip, 0, 0x12);
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_byte(chip), 0x77);
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_byte_data(chip, 0) >= 0, true);
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_word_data(chip, 0) > 0xff, true);
  KUNIT_EXPECT_EQ(test, i2c_smbus_write_byte(chip, 0), 0);
}

function i2c_test_drivers(test: Ref<kunit>): void {
  i2c_del_driver(eeprom_driver);
  KUNIT_EXPECT_EQ(test, state.removed, 1);
  KUNIT_EXPECT_EQ(test, i2c_add_driver(by_name), 0);
  KUNIT_EXPECT_EQ(test, state.probed, 32);
  i2c_del_driver(by_name);
  i2c_add_driver(eeprom_driver);
  KUNIT_EXPECT_EQ(test, state.probed, 33);
  KUNIT_EXPECT_PTR_EQ(test, i2c_get_clientdata(chip, eeprom), state);
}

kunit_test_suite(
  kunit_suite({
    name: "i2c",
    test_cases: [KUNIT_CASE(i2c_test_messages), KUNIT_CASE(i2c_test_smbus), KUNIT_CASE(i2c_test_drivers)],
  }),
);

MODULE_LICENSE("GPL");
