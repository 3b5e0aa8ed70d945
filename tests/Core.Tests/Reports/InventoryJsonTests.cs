using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;

namespace ImageScan.Core.Tests.Reports;

public sealed class InventoryJsonTests
{
    private static readonly string[] Members =
        ["image", "digest", "distribution", "endOfLife", "extendedSupportEnd", "baseLayers", "packages", "warnings"];

    [Fact]
    public void SaysAllOfAPackageAndOfItsLayer()
    {
        Package package = ReportedScans.Package(PackageType.Rpm, "curl", "7.88", "var/lib/rpm/rpmdb.sqlite") with
        {
            SourceName = "curl-src",
            SourceVersion = "7.87",
            Architecture = "x86_64",
            Module = "m:1",
            Vendor = "Fedora",
            License = "GPLv2+",
        };
        Scan scan = ReportedScans.Of(new InstalledPackage(package, 1) { Executables = [new PackageExecutable("usr/bin/curl", ["libc.so.6"])] });

        JsonElement inventory = Read(scan);

        Assert.Equal(Members, inventory.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("asked:1", scan.Id.ToString(), "debian:12"), (Text(inventory, "image"), Text(inventory, "digest"), Text(inventory, "distribution")));
        Assert.Equal(
            $$"""
            {"type":"rpm","name":"curl","version":"7.88","sourceName":"curl-src","sourceVersion":"7.87","architecture":"x86_64",
            "path":"var/lib/rpm/rpmdb.sqlite","layer":"{{MadeScan.DigestOf("app")}}","layerIndex":2,"instruction":"RUN npm ci","license":"GPLv2\u002B",
            "spdx":"GPL-2.0-or-later","vendor":"Fedora","module":"m:1","purl":"pkg:rpm/debian/curl@7.88?arch=x86_64\u0026distro=debian-12","executables":1,
            "fromBase":false}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(inventory.GetProperty("packages")[0]));
    }

    [Fact]
    public void KeepsEveryKeyWhereNothingIsKnown()
    {
        Scan scan = ReportedScans.Of(new InstalledPackage(ReportedScans.Package(PackageType.Npm, "a", "1", "p") with { License = "Any" }, 9));

        JsonElement package = Read(scan).GetProperty("packages")[0];

        Assert.Equal(
            """
            {"type":"npm","name":"a","version":"1","sourceName":null,"sourceVersion":null,"architecture":null,"path":"p","layer":null,"layerIndex":null,
            "instruction":null,"license":"Any","spdx":null,"vendor":null,"module":null,"purl":"pkg:npm/a@1","executables":0,
            "fromBase":false}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(package));
    }

    [Fact]
    public void LetsNothingOfAnImageReachATerminalAndLosesNothing()
    {
        byte[] written = ReportedScans.Written(ReportedScans.OfHostileTexts(), (scan, output) => InventoryJson.Write(scan, ReportedScans.Hostile, output));

        ReportedScans.AssertHarmless(written);
        using JsonDocument document = JsonDocument.Parse(written);
        string expected = ReportedScans.Hostile.Replace('\ud800', '\ufffd').Replace('\udc00', '\ufffd');
        Assert.Equal(expected, Text(document.RootElement, "image"));
        Assert.Equal(expected, Text(document.RootElement.GetProperty("packages")[0], "name"));
        Assert.Equal(expected, Text(document.RootElement.GetProperty("warnings")[0], "reason"));
    }

    // A document of an image with the most packages allowed must not be held in memory.
    [Fact]
    public void GoesOutAsItGrows()
    {
        InstalledPackage[] packages = [.. Enumerable.Range(0, 5000).Select(i => new InstalledPackage(ReportedScans.Package(PackageType.Npm, $"p{i}", "1", "p"), 0))];
        using var output = new LargestWrite();

        InventoryJson.Write(ReportedScans.Of(packages), "x", output);
        CycloneDx.Write(ReportedScans.Of(packages), output);
        Spdx.Write(ReportedScans.Of(packages), output);

        Assert.InRange(output.Largest, 1 << 16, 1 << 17);
    }

    private static JsonElement Read(Scan scan) => ReportedScans.Read(scan, (read, output) => InventoryJson.Write(read, "asked:1", output));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private sealed class LargestWrite : MemoryStream
    {
        public int Largest { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Note(count);

        public override void Write(ReadOnlySpan<byte> buffer) => Note(buffer.Length);

        private void Note(int count) => Largest = Math.Max(Largest, count);
    }
}
