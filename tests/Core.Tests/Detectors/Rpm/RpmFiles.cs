using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Rpm;

namespace ImageScan.Core.Tests.Detectors.Rpm;

/// <summary>Reads databases that tests made or keep.</summary>
internal static class RpmFiles
{
    /// <summary>The databases of <c>TestData</c>, all of the same packages.</summary>
    public static readonly string[] Real = ["rpmdb.sqlite", "berkeley.db", "berkeley-big-endian.db"];

    public static FileFindings Read(byte[] database) => Detection.Read(new RpmDetector(), "var/lib/rpm/Packages", database);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Detectors", "Rpm", "TestData", name));

    /// <summary>The headers in a sound database.</summary>
    public static byte[][] Headers(byte[] database)
    {
        var reading = new DatabaseReading(database.Length, warning => Assert.Fail(warning));
        return [.. RpmDetector.Headers(database, reading).Select(blob => blob.Bytes.ToArray())];
    }
}
