package io.adjoint.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Malformed and malicious files, among them the cases of Trail of Bits' audit of safetensors in 2023. */
class HostileFilesTest {
    /** A header with one tensor of two bytes, without its closing brace. */
    private static final String GOOD = "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}";

    @TempDir
    Path folder;

    private void assertRefused(Function<Path, Object> loader, byte[] bytes, String problem) throws IOException {
        Path file = Files.write(folder.resolve("hostile"), bytes);
        assertThatThrownBy(() -> loader.apply(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(file + ": ")
                .hasMessageContaining(problem);
    }

    private static byte[] safetensors(long length, byte[] header, int data) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN);
        return bytes.putLong(length).put(header).array();
    }

    // ---- safetensors ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // bytes of elements | header | message
                "0 | [] | begins with no '{'",
                "0 | ` {}` | begins with no '{'",
                "0 | `\uFEFF{}` | begins with no '{'",
                "0 | `{ ` | not the JSON",
                "0 | {}{} | not the JSON",
                "0 | {}x | not the JSON",
                "0 | {'a':1} | not the JSON",
                "0 | {'a':[[[[[[]]]]]]} | not the JSON",
                "0 | {'a':{}} | has not all of dtype, shape and data_offsets",
                "0 | // comment | begins with no '{'",
                "0 | {/* comment */} | not the JSON",
                "0 | {a:{}} | not the JSON",
                "0 | {'\\ud800':{}} | not the JSON",
                // The same name twice, also written with an escape; readers differ in which of the two they take.
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'a':{'dtype':'I8','shape':[2],'data_offsets':[0,2]}} | 'a' is there twice",
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'\\u0061':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}} | 'a' is there twice",
                "2 | {'a':{'dtype':'U8','shape':[2],'shape':[1,2],'data_offsets':[0,2]}} | has 'shape' twice",
                "0 | {'__metadata__':{},'__metadata__':{'a':'b'}} | __metadata__ is there twice",
                "0 | {'__metadata__':{'a':'b','a':'c'}} | has 'a' twice",
                "0 | {'__metadata__':{'a':1}} | is no string",
                "0 | {'__metadata__':{'a':{'b':'c'}}} | is no string",
                "0 | {'__metadata__':null} | not the JSON",
                // Offsets.
                "4 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}} | within the tensor before it",
                "4 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}} | within the tensor before it",
                "4 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[2,4]}} | there is a hole before 'a', from 0 to 2",
                "5 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[3,5]}} | there is a hole before 'b', from 2 to 3",
                "1 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}} | only 1 follow; the file is cut",
                "3 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}} | but 3 follow",
                "2 | {} | but 2 follow",
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[2,0]}} | no begin and end",
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0]}} | no begin and end",
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2,2]}} | no begin and end",
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[-2,0]}} | data_offsets has -2",
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2.0]}} | data_offsets has 2.0",
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,'2']}} | data_offsets has what is no number",
                "2 | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,18446744073709551618]}} | data_offsets has 18446744073709551618",
                // Shapes.
                "2 | {'a':{'dtype':'U8','shape':[3],'data_offsets':[0,2]}} | has 3 bytes, but its data_offsets are [0, 2]",
                "2 | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,2]}} | has 8 bytes, but its data_offsets are [0, 2]",
                "2 | {'a':{'dtype':'U8','shape':[-1,-2],'data_offsets':[0,2]}} | shape has -1",
                "2 | {'a':{'dtype':'U8','shape':[2e0],'data_offsets':[0,2]}} | shape has 2e0",
                "2 | {'a':{'dtype':'U8','shape':[02],'data_offsets':[0,2]}} | not the JSON",
                "2 | {'a':{'dtype':'U8','shape':2,'data_offsets':[0,2]}} | not the JSON",
                "2 | {'a':{'dtype':'U8','shape':[4294967296,4294967296],'data_offsets':[0,2]}} | has more bytes than a file",
                "2 | {'a':{'dtype':'U8','shape':[2,9223372036854775807],'data_offsets':[0,2]}} | shape has 9223372036854775807",
                "2 | {'a':{'dtype':'F64','shape':[576460752303423488,4],'data_offsets':[0,2]}} | has more bytes than a file",
                "2 | {'a':{'dtype':'U8','shape':[2,NaN],'data_offsets':[0,2]}} | not the JSON",
                // Types.
                "2 | {'a':{'dtype':'F8_E4M3','shape':[2],'data_offsets':[0,2]}} | of the dtype 'F8_E4M3', which is none of [F64, F32",
                "2 | {'a':{'dtype':'u8','shape':[2],'data_offsets':[0,2]}} | of the dtype 'u8'",
                "2 | {'a':{'dtype':8,'shape':[2],'data_offsets':[0,2]}} | its dtype is no string",
                "2 | {'a':{'dtype':'BOOL','shape':[2],'data_offsets':[0,2],'x':1}} | has a field 'x'",
            })
    void headersOfSafetensors(int data, String header, String problem) throws IOException {
        byte[] bytes = header.replace('\'', '"').getBytes(UTF_8);
        assertRefused(Safetensors::load, safetensors(bytes.length, bytes, data), problem.replace("\"", "'"));
    }

    @Test
    void lengthsOfSafetensorsHeaders() throws IOException {
        byte[] header = (GOOD.replace('\'', '"') + "}").getBytes(UTF_8);
        assertThat(Safetensors.load(Files.write(folder.resolve("good"), safetensors(header.length, header, 2))))
                .containsOnlyKeys("a");
        assertRefused(Safetensors::load, new byte[0], "it has 0 bytes");
        assertRefused(Safetensors::load, new byte[7], "it has 7 bytes");
        for (long length : new long[] {0, 1, 100_000_001, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            assertRefused(Safetensors::load, safetensors(length, header, 2), "are not the length of a header");
        }
        assertRefused(
                Safetensors::load,
                safetensors(header.length + 3, header, 2),
                "its header would have " + (header.length + 3) + " bytes, but only " + (header.length + 2)
                        + " follow; the file is cut");
        assertRefused(Safetensors::load, safetensors(header.length + 1, header, 2), "not the JSON");
        assertRefused(Safetensors::load, safetensors(header.length - 1, header, 2), "not the JSON");
    }

    @Test
    void aSafetensorsHeaderOfMoreThanAHundredMillionBytesIsNotRead() throws IOException {
        Path file = folder.resolve("long");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(safetensors(100_000_001, new byte[] {'{'}, 0)));
            channel.write(ByteBuffer.wrap(new byte[1]), 100_000_100);
        }
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("not the length of a header, 2 to 100000000");
    }

    @Test
    void aSafetensorsHeaderIsUtf8() throws IOException {
        byte[] header = "{\"?\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}".getBytes(UTF_8);
        header[2] = (byte) 0xff;
        assertRefused(Safetensors::load, safetensors(header.length, header, 2), "not in UTF-8");
    }

    @Test
    void aShapeHasNotThousandsOfAxes() throws IOException {
        String ones = "1,".repeat(1000) + "2";
        byte[] header = GOOD.replace('\'', '"')
                .replace("[2]", "[" + ones + "]")
                .concat("}")
                .getBytes(UTF_8);
        assertRefused(Safetensors::load, safetensors(header.length, header, 2), "shape has more than 64 numbers");
        assertRefused(
                Npy::load,
                npy("{'descr': '|u1', 'fortran_order': False, 'shape': (" + ones + "), }", 2),
                "more than 64 axes");
    }

    @ParameterizedTest
    @CsvSource({"2, BOOL, a BOOL is 0 or 1", "-1, U64, 'element 1 is 18446744073709551615, which INT32 does not hold'"})
    void elementsThatNoDTypeHolds(int value, ElementType type, String problem) throws IOException {
        int size = 2 * type.bytes();
        byte[] header = GOOD.replace('\'', '"')
                .replace("U8", type.name())
                .replace("[0,2]", "[0," + size + "]")
                .concat("}")
                .getBytes(UTF_8);
        byte[] bytes = safetensors(header.length, header, size);
        for (int k = bytes.length - type.bytes(); k < bytes.length; k++) {
            bytes[k] = (byte) value;
        }
        assertRefused(Safetensors::load, bytes, problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'weight_map':{'a':'../x.safetensors'}} | '../x.safetensors' is no name of a .safetensors file in its folder",
                "{'weight_map':{'a':'/etc/x.safetensors'}} | is no name of",
                "{'weight_map':{'a':'b\\\\x.safetensors'}} | is no name of",
                "{'weight_map':{'a':'C:x.safetensors'}} | is no name of",
                "{'weight_map':{'a':'x\\u0000.safetensors'}} | is no name of",
                "{'weight_map':{'a':'x.bin'}} | is no name of",
                "{'weight_map':{'a':null}} | not the JSON",
                "{'weight_map':{}} | it has no weight_map",
                "{'weight_map':{'a':'b.safetensors','a':'c.safetensors'}} | weight_map has 'a' twice",
                "{'metadata':{},'metadata':{}} | it has 'metadata' twice",
                "{'files':{}} | it has a field 'files'",
                "{} | it has no weight_map",
                "[] | not the JSON",
                "{ | not the JSON",
                "{'weight_map':{'b':'good.safetensors'}} | 'b' is to be in good.safetensors, and is not",
                "{'weight_map':{'a':'good.safetensors','b':'good.safetensors'}} | 'b' is to be in good.safetensors, and is not",
                "{'weight_map':{'a':'good.safetensors','b':'also.safetensors'}} | 'a' is in another file of the index, too",
                "{'weight_map':{'a':'good.safetensors','b':'more.safetensors'}} | 'c' is in a file of the index, but not in the index",
            })
    void indices(String index, String problem) throws IOException {
        byte[] header = (GOOD.replace('\'', '"') + "}").getBytes(UTF_8);
        Files.write(folder.resolve("good.safetensors"), safetensors(header.length, header, 2));
        Files.write(folder.resolve("also.safetensors"), safetensors(header.length, header, 2));
        NdArray zero = NdArray.scalar(DType.BOOL, 0);
        Safetensors.save(folder.resolve("more.safetensors"), Map.of("b", zero, "c", zero));
        Path file = Files.writeString(folder.resolve("model.index.json"), index.replace('\'', '"'));
        assertThatThrownBy(() -> Safetensors.load(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(problem);
    }

    // ---- npy ----

    private static byte[] npy(String dictionary, int data) {
        byte[] text = dictionary.getBytes(UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length);
        return bytes.put(text).array();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), } # it is cut",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), } # but",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), } # has more bytes than a file",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000,), } # it is cut",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,), } # instead of ''",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2), } # its shape is no tuple",
                "{'descr': '|u1', 'fortran_order': False, 'shape': 2, } # there should be '('",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2 1), } # there should be ',' or ')'",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (02,), } # a size instead of '02'",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2*1,), } # there should be ',' or ')'",
                "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,), } # True or False",
                "{'descr': '|u1', 'fortran_order': False, 'fortran_order': True, 'shape': (2,), } # 'fortran_order' twice",
                "{'descr': '|u1', 'fortran_order': False, } # not all of descr, fortran_order and shape",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'x': 1, } # a field 'x'",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }; import os # goes on after its end",
                "__import__('os').system('true') # there should be '{'",
                "{'descr': '|u1', 'fortran_order': False 'shape': (2,), } # there should be '}'",
                "{'descr' '|u1'} # there should be ':'",
                "{'descr': '|u1 # a string that ends",
                "{'descr': '\\x7cu1', 'fortran_order': False, 'shape': (2,), } # without '\\'",
                "{'descr': 'u1', 'fortran_order': False, 'shape': (2,), } # its elements are of type 'u1'",
                "{'descr': '=u1', 'fortran_order': False, 'shape': (2,), } # none of the byte orders",
                "{'descr': '|u2', 'fortran_order': False, 'shape': (1,), } # '|u2' says no byte order",
                "{'descr': '|O', 'fortran_order': False, 'shape': (2,), } # Python objects, whose pickles are programs",
                "{'descr': '|S1', 'fortran_order': False, 'shape': (2,), } # '|S1', strings",
                "{'descr': '<U1', 'fortran_order': False, 'shape': (2,), } # '<U1', strings",
                "{'descr': '<c16', 'fortran_order': False, 'shape': (2,), } # '<c16', complex numbers",
                "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,), } # datetime64",
                "{'descr': '|V2', 'fortran_order': False, 'shape': (1,), } # void",
                "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), } # '<f16', which Adjoint has not",
                "{'descr': '', 'fortran_order': False, 'shape': (1,), } # its elements are of type ''",
                "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), } # a structured array",
                "{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (1,), } # a structured array",
            })
    void headersOfNpy(String dictionary, String problem) throws IOException {
        assertRefused(Npy::load, npy(dictionary, 2), problem);
    }

    @Test
    void otherSpellingsOfANpyHeader() throws IOException {
        String[] spellings = {
            "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }",
            "{\"shape\":(2L,),\"descr\":\">u1\",\"fortran_order\":True}\n",
            " {'shape' : ( 2 , ), 'descr':'<u1' ,\n 'fortran_order': False}  \n",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (2,1), }",
        };
        for (String spelling : spellings) {
            assertThat(Npy.load(Files.write(folder.resolve("x.npy"), npy(spelling, 2)))
                            .size())
                    .isEqualTo(2);
        }
    }

    @Test
    void beginningsOfNpy() throws IOException {
        byte[] good = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", 2);
        for (int length = 0; length < good.length; length++) {
            assertRefused(Npy::load, Arrays.copyOf(good, length), "it is");
        }
        assertRefused(Npy::load, "\u0093NUMPY\1\0\0\0".getBytes(UTF_8), "it is no npy file");
        good[6] = 4;
        assertRefused(Npy::load, good, "version 4.0");
        good[6] = 2;
        assertRefused(Npy::load, good, "and may have 65535");
    }

    @Test
    void aSizeThatNoArrayHas() throws IOException {
        Path file = Files.write(
                folder.resolve("x.npy"),
                npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3000000000, 0), }", 0));
        assertThatThrownBy(() -> Npy.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .isNotInstanceOf(MalformedFileException.class)
                .hasMessageStartingWith(file + ": 'x.npy' U8 [3000000000, 0] is larger than an array");
    }

    // ---- npz ----

    private static byte[] npz(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static byte[] replaced(byte[] bytes, String from, String to) {
        String text = new String(bytes, ISO_8859_1);
        assertThat(text).contains(from);
        return text.replace(from, to).getBytes(ISO_8859_1);
    }

    @Test
    void archives() throws IOException {
        byte[] array = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000,), }", 1_000_000);
        byte[] good = npz("aa.npy", array);
        assertThat(good).hasSizeLessThan(2000);
        assertThat(Npz.load(Files.write(folder.resolve("x.npz"), good))).containsOnlyKeys("aa");
        assertRefused(Npz::load, npz("aa.txt", array), "its entry 'aa.txt' is no array");
        assertRefused(Npz::load, npz("aa.npy", "text".getBytes(UTF_8)), "'aa': its header has 8 bytes or more");
        assertRefused(Npz::load, new byte[3], "it has 3 bytes");
        assertRefused(Npz::load, new byte[300], "it doesn't begin as an archive");
        assertRefused(Npz::load, Arrays.copyOf(good, good.length - 30), "it is no npz file, or cut");
        ByteBuffer prefixed = ByteBuffer.allocate(good.length + 10);
        assertRefused(Npz::load, prefixed.put(new byte[10]).put(good).array(), "it doesn't begin as an archive");
        assertRefused(Npz::load, npz("aa.npy", Arrays.copyOf(array, 999_999)), "'aa': ");
    }

    @Test
    void namesThatAreThereTwice() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] array = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", 2);
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : new String[] {"a.npy", "b.npy"}) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(array);
            }
        }
        assertRefused(Npz::load, replaced(bytes.toByteArray(), "b.npy", "a.npy"), "'a' is there twice");
    }

    /** Changes the compressed size (field 20) or the full size (field 24) in the directory at the end of an archive of one entry. */
    private static byte[] withSize(byte[] archive, int field, int size) {
        byte[] changed = archive.clone();
        ByteBuffer bytes = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        int directory = bytes.getInt(changed.length - 6);
        bytes.putInt(directory + field, size);
        return changed;
    }

    @Test
    void sizesThatCannotBe() throws IOException {
        byte[] lie = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,), }", 2);
        assertRefused(Npz::load, npz("aa.npy", lie), "it is cut");
        int claimed = 2_000_000_000 + lie.length - 2;
        assertRefused(Npz::load, withSize(npz("aa.npy", lie), 24, claimed), "it can't have " + claimed + " bytes");
        assertRefused(Npz::load, withSize(npz("aa.npy", lie), 20, 1 << 30), "its entries have more bytes than it");
        byte[] array = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1000,), }", 1000);
        byte[] shorter = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1001,), }", 1000);
        assertRefused(
                Npz::load,
                withSize(npz("aa.npy", shorter), 24, array.length + 1),
                "fewer bytes follow than its header says");
        byte[] longer = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1000,), }", 1001);
        assertRefused(
                Npz::load, withSize(npz("aa.npy", longer), 24, array.length), "more bytes follow than its header says");
    }

    @Test
    void aChecksumThatIsWrong() throws IOException {
        byte[] archive = npz("aa.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", 2));
        assertRefused(Npz::load, withSize(archive, 16, 1), "its checksum is wrong");
    }
}
