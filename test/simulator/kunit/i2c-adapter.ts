// KUnit: linux/i2c, with an adapter of the driver's own and a chip with 16 registers behind it.
// devices: at24
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { dev_name } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EAGAIN, EBUSY, EINVAL, EOPNOTSUPP, EREMOTEIO } from "linux/errno";
import {
  __i2c_transfer,
  devm_i2c_add_adapter,
  devm_i2c_new_dummy_device,
  I2C_BOARD_INFO,
  I2C_FUNC_10BIT_ADDR,
  I2C_FUNC_I2C,
  I2C_FUNC_SMBUS_BYTE_DATA,
  I2C_FUNC_SMBUS_READ_I2C_BLOCK,
  I2C_FUNC_SMBUS_READ_WORD_DATA,
  I2C_LOCK_SEGMENT,
  I2C_M_RD,
  I2C_M_RECV_LEN,
  I2C_SMBUS_BLOCK_PROC_CALL,
  I2C_SMBUS_BYTE_DATA,
  I2C_SMBUS_PROC_CALL,
  I2C_SMBUS_QUICK,
  I2C_SMBUS_READ,
  I2C_SMBUS_WRITE,
  i2c_8bit_addr_from_msg,
  i2c_adapter,
  i2c_adapter_id,
  i2c_add_adapter,
  i2c_add_numbered_adapter,
  i2c_algorithm,
  i2c_check_functionality,
  type i2c_client,
  i2c_del_adapter,
  i2c_driver,
  i2c_get_adapdata,
  i2c_get_adapter,
  i2c_get_functionality,
  i2c_lock_bus,
  i2c_master_recv_dmasafe,
  i2c_master_send_dmasafe,
  i2c_msg,
  i2c_new_client_device,
  i2c_new_dummy_device,
  i2c_put_adapter,
  i2c_set_adapdata,
  i2c_smbus_data,
  i2c_smbus_read_block_data,
  i2c_smbus_read_i2c_block_data,
  i2c_smbus_read_i2c_block_data_or_emulated,
  i2c_smbus_read_word_swapped,
  i2c_smbus_write_block_data,
  i2c_smbus_write_i2c_block_data,
  i2c_smbus_write_word_swapped,
  i2c_smbus_xfer,
  i2c_transfer,
  i2c_unlock_bus,
  i2c_unregister_device,
  i2c_verify_client,
  module_i2c_driver,
} from "linux/i2c";
import { MODULE_LICENSE, THIS_MODULE } from "linux/module";
import { type ArrayOf, array, type int, on_stack, type Ref, struct, u8, type u16, u32 } from "linux/types";

const chip = struct("chip", {
  regs: array(u8, 64),
  pointer: u32,
  /** So many transfers end with -EAGAIN. */
  busy: u32,
  transfers: u32,
  quick: u32,
  probed: u32,
  removed: u32,
  functions: u32,
});
const state = chip({ functions: I2C_FUNC_I2C | I2C_FUNC_SMBUS_BYTE_DATA | I2C_FUNC_SMBUS_READ_I2C_BLOCK });

function chip_read(c: Ref<typeof chip>, msg: Ref<i2c_msg>): int {
  const to = msg.buf as Ref<ArrayOf<typeof u8>>;
  let count = msg.len;
  if (msg.flags & I2C_M_RECV_LEN) count += c.regs[c.pointer];
  for (let i = 0; i < count; i++) to[i] = c.regs[c.pointer + i];
  msg.len = count;
  return 0;
}

function chip_write(c: Ref<typeof chip>, msg: Ref<i2c_msg>): int {
  const from = msg.buf as Ref<ArrayOf<typeof u8>>;
  if (msg.len > 0) c.pointer = from[0];
  for (let i = 1; i < msg.len; i++) c.regs[c.pointer + i - 1] = from[i];
  return 0;
}

function chip_xfer(adap: Ref<i2c_adapter>, msgs: Ref<ArrayOf<i2c_msg>>, num: int): int {
  const c = i2c_get_adapdata(adap, chip);
  c.transfers += 1;
  if (c.busy > 0) {
    c.busy -= 1;
    return -EAGAIN;
  }
  for (let i = 0; i < num; i++) {
    if (msgs[i].addr !== 0x48) return -EREMOTEIO;
    if (msgs[i].flags & I2C_M_RD) chip_read(c, msgs[i]);
    else chip_write(c, msgs[i]);
  }
  return num;
}

function chip_smbus(adap: Ref<i2c_adapter>, _addr: u16, _flags: u16, read_write: u8, _command: u8, size: int): int {
  if (size !== I2C_SMBUS_QUICK) return -EOPNOTSUPP;
  i2c_get_adapdata(adap, chip).quick += 1 + read_write;
  return 0;
}

const algorithm = i2c_algorithm({ xfer: chip_xfer, smbus_xfer: chip_smbus, functionality: () => state.functions });
const bus = i2c_adapter({ owner: THIS_MODULE, name: "chip bus", algo: algorithm, retries: 2 });

function chip_probe(_client: Ref<i2c_client>): int {
  state.probed += 1;
  return 0;
}
function chip_remove(_client: Ref<i2c_client>): void {
  state.removed += 1;
}
module_i2c_driver(
  i2c_driver({
    probe: chip_probe,
    remove: chip_remove,
    driver: { name: "chip", of_match_table: [{ compatible: "acme,of-chip" }] },
    id_table: [{ name: "chip" }],
  }),
);

function made(name: string, address: u16): Ref<i2c_client> {
  return i2c_new_client_device(bus, I2C_BOARD_INFO(name, address)) as Ref<i2c_client>;
}

function i2c_init(_test: Ref<kunit>): int {
  i2c_set_adapdata(bus, state);
  return i2c_add_adapter(bus);
}

function i2c_exit(_test: Ref<kunit>): void {
  i2c_del_adapter(bus);
}

function i2c_test_adapters(test: Ref<kunit>): void {
  // The machine's own controller has number 0.
  KUNIT_EXPECT_EQ(test, i2c_adapter_id(bus), 1);
  KUNIT_EXPECT_EQ(test, bus.timeout, 1000);
  const machine = i2c_get_adapter(0);
  KUNIT_EXPECT_NOT_NULL(test, machine);
  KUNIT_EXPECT_TRUE(test, i2c_check_functionality(machine!, I2C_FUNC_I2C | I2C_FUNC_10BIT_ADDR));
  i2c_put_adapter(machine!);
  KUNIT_EXPECT_PTR_EQ(test, i2c_get_adapter(1), bus);
  i2c_put_adapter(bus);
  KUNIT_EXPECT_NULL(test, i2c_get_adapter(9));
  KUNIT_EXPECT_EQ(test, i2c_get_functionality(bus), state.functions);
  KUNIT_EXPECT_FALSE(test, i2c_check_functionality(bus, I2C_FUNC_10BIT_ADDR));
  const other = i2c_adapter({ name: "other", algo: algorithm, nr: 9 });
  KUNIT_EXPECT_EQ(test, i2c_add_numbered_adapter(other), 0);
  KUNIT_EXPECT_STREQ(test, dev_name(other.dev), "i2c-9");
  i2c_del_adapter(other);
  KUNIT_EXPECT_NULL(test, i2c_get_adapter(9));
  const lame = i2c_adapter({ name: "lame", algo: null as unknown as Ref<i2c_algorithm> });
  KUNIT_EXPECT_EQ(test, i2c_add_adapter(lame), -EINVAL);
}

function i2c_test_clients(test: Ref<kunit>): void {
  const client = made("chip", 0x48);
  KUNIT_EXPECT_EQ(test, state.probed, 1);
  KUNIT_EXPECT_STREQ(test, dev_name(client.dev), "1-0048");
  KUNIT_EXPECT_PTR_EQ(test, i2c_verify_client(client.dev), client);
  KUNIT_EXPECT_NULL(test, i2c_verify_client(bus.dev));
  const taken = i2c_new_client_device(bus, I2C_BOARD_INFO("chip", 0x48));
  KUNIT_EXPECT_EQ(test, IS_ERR(taken) ? PTR_ERR(taken) : 0, -EBUSY);
  const wrong = i2c_new_client_device(bus, I2C_BOARD_INFO("chip", 0x80));
  KUNIT_EXPECT_EQ(test, IS_ERR(wrong) ? PTR_ERR(wrong) : 0, -EINVAL);
  const second = i2c_new_dummy_device(bus, 0x49) as Ref<i2c_client>;
  KUNIT_EXPECT_STREQ(test, second.name, "dummy");
  const third = devm_i2c_new_dummy_device(client.dev, bus, 0x4a) as Ref<i2c_client>;
  KUNIT_EXPECT_EQ(test, third.addr, 0x4a);
  // What follows the vendor in a match table is a name, too.
  const by_table = made("of-chip", 0x4b);
  KUNIT_EXPECT_EQ(test, state.probed, 2);
  i2c_unregister_device(by_table);
  i2c_unregister_device(second);
  i2c_unregister_device(null);
  i2c_unregister_device(client);
  KUNIT_EXPECT_EQ(test, state.removed, 2);
  const again = made("chip", 0x4a);
  KUNIT_EXPECT_EQ(test, again.addr, 0x4a);
  // This one goes with the adapter.
}

function i2c_test_transfers(test: Ref<kunit>): void {
  const client = made("chip", 0x48);
  const bytes = on_stack(array(u8, 4));
  const msgs = on_stack(array(i2c_msg, 2));
  bytes[0] = 3;
  bytes[1] = 0x77;
  KUNIT_EXPECT_EQ(test, i2c_master_send_dmasafe(client, bytes, 2), 2);
  KUNIT_EXPECT_EQ(test, i2c_master_recv_dmasafe(client, bytes, 1), 1);
  KUNIT_EXPECT_EQ(test, bytes[0], 0x77);
  msgs[0].addr = 0x48;
  msgs[0].flags = I2C_M_RD;
  msgs[0].len = 1;
  msgs[0].buf = bytes;
  KUNIT_EXPECT_EQ(test, i2c_8bit_addr_from_msg(msgs[0]), 0x91);
  // Twice somebody else has the bus; a third time is too often.
  state.busy = 2;
  state.transfers = 0;
  KUNIT_EXPECT_EQ(test, i2c_transfer(bus, msgs, 1), 1);
  KUNIT_EXPECT_EQ(test, state.transfers, 3);
  state.busy = 3;
  KUNIT_EXPECT_EQ(test, i2c_transfer(bus, msgs, 1), -EAGAIN);
  i2c_lock_bus(bus, I2C_LOCK_SEGMENT);
  KUNIT_EXPECT_EQ(test, __i2c_transfer(bus, msgs, 1), 1);
  i2c_unlock_bus(bus, I2C_LOCK_SEGMENT);
  msgs[0].addr = 0x20;
  KUNIT_EXPECT_EQ(test, i2c_transfer(bus, msgs, 1), -EREMOTEIO);
}

function i2c_test_blocks(test: Ref<kunit>): void {
  const client = made("chip", 0x48);
  const out = on_stack(array(u8, 8));
  const back = on_stack(array(u8, 34));
  for (let i = 0; i < 8; i++) out[i] = 0x30 + i;
  KUNIT_EXPECT_EQ(test, i2c_smbus_write_i2c_block_data(client, 8, 8, out), 0);
  KUNIT_EXPECT_EQ(test, state.regs[8], 0x30);
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_i2c_block_data(client, 10, 4, back), 4);
  KUNIT_EXPECT_EQ(test, back[3], 0x35);
  KUNIT_EXPECT_EQ(test, i2c_smbus_write_i2c_block_data(client, 8, 0, out), -EINVAL);
  // A block says first how long it is.
  KUNIT_EXPECT_EQ(test, i2c_smbus_write_block_data(client, 16, 5, out), 0);
  KUNIT_EXPECT_EQ(test, state.regs[16], 5);
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_block_data(client, 16, back), 5);
  KUNIT_EXPECT_EQ(test, back[4], 0x34);
  KUNIT_EXPECT_EQ(test, i2c_smbus_write_word_swapped(client, 4, 0x1234), 0);
  KUNIT_EXPECT_EQ(test, state.regs[4], 0x12);
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_word_swapped(client, 4), 0x1234);
  // With blocks, with words, byte by byte, and not at all.
  state.transfers = 0;
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_i2c_block_data_or_emulated(client, 8, 5, back), 5);
  KUNIT_EXPECT_EQ(test, state.transfers, 1);
  state.functions = I2C_FUNC_SMBUS_BYTE_DATA | I2C_FUNC_SMBUS_READ_WORD_DATA;
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_i2c_block_data_or_emulated(client, 8, 5, back), 5);
  KUNIT_EXPECT_EQ(test, state.transfers, 4);
  KUNIT_EXPECT_EQ(test, back[4], 0x34);
  state.functions = I2C_FUNC_I2C;
  KUNIT_EXPECT_EQ(test, i2c_smbus_read_i2c_block_data_or_emulated(client, 8, 5, back), -EOPNOTSUPP);
}

function i2c_test_commands(test: Ref<kunit>): void {
  const data = on_stack(i2c_smbus_data);
  KUNIT_EXPECT_EQ(test, i2c_smbus_xfer(bus, 0x48, 0, I2C_SMBUS_READ, 0, I2C_SMBUS_QUICK, null), 0);
  KUNIT_EXPECT_EQ(test, state.quick, 2);
  data.byte = 0x5a;
  KUNIT_EXPECT_EQ(test, i2c_smbus_xfer(bus, 0x48, 0, I2C_SMBUS_WRITE, 2, I2C_SMBUS_BYTE_DATA, data), 0);
  KUNIT_EXPECT_EQ(test, state.regs[2], 0x5a);
  data.word = 0xbeef;
  KUNIT_EXPECT_EQ(test, i2c_smbus_xfer(bus, 0x48, 0, I2C_SMBUS_WRITE, 30, I2C_SMBUS_PROC_CALL, data), 0);
  KUNIT_EXPECT_EQ(test, data.word, 0xbeef);
  data.block[0] = 2;
  data.block[1] = 9;
  data.block[2] = 8;
  KUNIT_EXPECT_EQ(test, i2c_smbus_xfer(bus, 0x48, 0, I2C_SMBUS_WRITE, 40, I2C_SMBUS_BLOCK_PROC_CALL, data), 0);
  KUNIT_EXPECT_EQ(test, data.block[1], 9);
  data.block[0] = 33;
  KUNIT_EXPECT_EQ(test, i2c_smbus_xfer(bus, 0x48, 0, I2C_SMBUS_WRITE, 40, I2C_SMBUS_BLOCK_PROC_CALL, data), -EINVAL);
  KUNIT_EXPECT_EQ(test, i2c_smbus_xfer(bus, 0x48, 0, I2C_SMBUS_READ, 40, 6, data), -EOPNOTSUPP);
}

function i2c_test_managed(test: Ref<kunit>): void {
  const client = made("chip", 0x48);
  const other = i2c_adapter({ name: "managed", algo: algorithm });
  KUNIT_EXPECT_EQ(test, devm_i2c_add_adapter(client.dev, other), 0);
  KUNIT_EXPECT_PTR_EQ(test, i2c_get_adapter(2), other);
  i2c_put_adapter(other);
  i2c_unregister_device(client);
  KUNIT_EXPECT_NULL(test, i2c_get_adapter(2));
}

kunit_test_suite(
  kunit_suite({
    name: "i2c-adapter",
    init: i2c_init,
    exit: i2c_exit,
    test_cases: [
      KUNIT_CASE(i2c_test_adapters),
      KUNIT_CASE(i2c_test_clients),
      KUNIT_CASE(i2c_test_transfers),
      KUNIT_CASE(i2c_test_blocks),
      KUNIT_CASE(i2c_test_commands),
      KUNIT_CASE(i2c_test_managed),
    ],
  }),
);

MODULE_LICENSE("GPL");
