using System.IO.Compression;

namespace ImageScan.Core.Tests.Detectors.Executables;

/// <summary>Programs as compilers made them, less what is not looked at; TestData/README.md says where each is from.</summary>
internal static class RealPrograms
{
    public static byte[] Read(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Detectors", "Executables", "TestData", name + ".gz"));
        using var expanding = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        expanding.CopyTo(bytes);
        return bytes.ToArray();
    }
}
