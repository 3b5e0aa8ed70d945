using System.Buffers.Binary;
using System.Text;

namespace ImageScan.EndToEnd.Installed;

/// <summary>
/// The least that is a program with the build information of Go 1.12 to 1.17: pointers to two strings, in the first segment that can be
/// written to (https://github.com/golang/go/blob/go1.18/src/debug/buildinfo/buildinfo.go).
/// </summary>
internal static class OldGoProgram
{
    private const ulong Address = 0x400000;
    private const int BuildInfo = 128;
    private const int VersionHeader = BuildInfo + 32;
    private const int ModulesHeader = VersionHeader + 16;
    private const int Texts = ModulesHeader + 16;

    // Both stand around the text of the modules (https://github.com/golang/go/blob/go1.17/src/cmd/go/internal/modload/build.go).
    private static readonly byte[] Start = Convert.FromHexString("3077af0c9274080241e1c107e6d618e6");
    private static readonly byte[] End = Convert.FromHexString("f932433186182072008242104116d8f2");

    public static void Write(string path, string version, string modules)
    {
        byte[] first = Encoding.UTF8.GetBytes(version);
        byte[] second = [.. Start, .. Encoding.UTF8.GetBytes(modules), .. End];
        byte[] file = [.. new byte[Texts], .. first, .. second];
        WriteHeaders(file);

        " Go buildinf:"u8.CopyTo(file.AsSpan(BuildInfo + 1));
        file[BuildInfo] = 0xff;
        file[BuildInfo + 14] = 8;
        Put(file, BuildInfo + 16, Address + VersionHeader);
        Put(file, BuildInfo + 24, Address + ModulesHeader);
        Put(file, VersionHeader, Address + Texts);
        Put(file, VersionHeader + 8, (ulong)first.Length);
        Put(file, ModulesHeader, Address + Texts + (ulong)first.Length);
        Put(file, ModulesHeader + 8, (ulong)second.Length);

        File.WriteAllBytes(path, file);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }

    // An ELF file of 64 bits for x86-64 with one segment, which is the whole file (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html).
    private static void WriteHeaders(byte[] file)
    {
        ((byte[])[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(file, 0);
        Put16(file, 16, 2);
        Put16(file, 18, 62);
        Put16(file, 20, 1);
        Put(file, 32, 64);
        Put16(file, 52, 64);
        Put16(file, 54, 56);
        Put16(file, 56, 1);

        // Loaded, to be read and written.
        Put16(file, 64, 1);
        Put16(file, 68, 6);
        Put(file, 80, Address);
        Put(file, 88, Address);
        Put(file, 96, (ulong)file.Length);
        Put(file, 104, (ulong)file.Length);
        Put(file, 112, 4096);
    }

    private static void Put(byte[] file, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(offset), value);

    private static void Put16(byte[] file, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);
}
