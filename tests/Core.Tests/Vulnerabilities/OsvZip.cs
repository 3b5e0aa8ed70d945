using System.IO.Compression;
using System.Text;

namespace ImageScan.Core.Tests.Vulnerabilities;

/// <summary>Archives of OSV records, as the OSV bucket has them.</summary>
internal static class OsvZip
{
    public static byte[] Of(params string[] records)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < records.Length; i++)
            {
                using var entry = zip.CreateEntry($"record-{i}.json").Open();
                entry.Write(Encoding.UTF8.GetBytes(records[i]));
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Writes <c>ecosystem/all.zip</c> below a folder.</summary>
    public static void Write(TemporaryFolder folder, string ecosystem, params string[] records)
    {
        Directory.CreateDirectory(folder.File(ecosystem));
        File.WriteAllBytes(folder.File(ecosystem, "all.zip"), Of(records));
    }
}
