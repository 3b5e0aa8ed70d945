using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Reports;

/// <summary>Scans whose reports are looked at.</summary>
internal static class ReportedScans
{
    /// <summary>
    /// What attacks a terminal (ESC, OSC 8, C1, bidi overrides, line breaks), JSON (quotes, half a surrogate pair), XML and HTML.
    /// </summary>
    public const string Hostile =
        "\u001b[2J\u001b]8;;http://evil.example\u0007x\u001b]8;;\u0007\u009b31m\u202egnp\u2066\r\n\u2028\"\\'\ud800</script><!--]]>&lt;%00\udc00\u0000\u007f\uffff";

    public static Package Package(PackageType type, string name, string version, string path) =>
        new() { Type = type, Name = name, Version = version, Path = path };

    public static Scan Of(params InstalledPackage[] packages)
    {
        Scan made = MadeScan.Of();
        HistoryEntry step = made.Config.History[0];
        return made with
        {
            Manifest = made.Manifest with
            {
                Layers = [new Descriptor("layer", MadeScan.DigestOf("base"), 1), new Descriptor("layer", MadeScan.DigestOf("app"), 1)],
            },
            Config = made.Config with
            {
                History = [step, step with { CreatedBy = "/bin/sh -c #(nop) CMD [\"sh\"]", EmptyLayer = true }, step with { CreatedBy = "/bin/sh -c npm ci" }],
            },
            Inventory = made.Inventory with { Distribution = new Distribution("debian", "12", "Debian GNU/Linux 12"), Packages = packages },
            Match = made.Match with { Packages = [.. packages.Select(package => new PackageFindings(package, []))] },
        };
    }

    /// <summary>A package of each type, with all that can be said of it, and one in two places.</summary>
    public static Scan OfEveryType() => Of(
    [
        .. PackageType.All.Select(type => new InstalledPackage(
            Package(type, "Vendor/some-name", "1:1.0+x", $"opt/{type}") with
            {
                SourceName = "source",
                SourceVersion = "2",
                Architecture = "amd64",
                Vendor = "Some Vendor",
                Module = "m:1",
                InnerPath = "inner.jar",
                License = "MIT",
            },
            0)),
        new InstalledPackage(Package(PackageType.Npm, "@a/b", "1.0.0", "one/package.json") with { License = "GPL-2+ or MIT" }, 1),
        new InstalledPackage(Package(PackageType.Npm, "@a/b", "1.0.0", "two/package.json") with { License = "Any Licence" }, 1),
        new InstalledPackage(Package(PackageType.Maven, "org.slf4j:slf4j-api", "1.7", "x.jar") with { License = "Boehm-GC-without-fee" }, 2),
        new InstalledPackage(Package(PackageType.Maven, "org.slf4j:slf4j-api", "", "y.jar"), 1),
    ]);

    /// <summary>An image every text of which is <see cref="Hostile"/>.</summary>
    public static Scan OfHostileTexts()
    {
        Scan scan = Of(
        [
            .. PackageType.All.Select(type => new InstalledPackage(
                Package(type, Hostile, Hostile, Hostile) with
                {
                    SourceName = Hostile,
                    SourceVersion = Hostile,
                    Architecture = Hostile,
                    Vendor = Hostile,
                    Module = Hostile,
                    InnerPath = Hostile,
                    License = $"http://{Hostile}",
                },
                0) { Executables = [new PackageExecutable(Hostile, [Hostile])] }),
        ]);
        return scan with
        {
            Names = [new ImageReference("", "", "", $"docker-archive:{Hostile}", null)],
            Config = scan.Config with { History = [new HistoryEntry(null, Hostile, Hostile, EmptyLayer: false)] },
            Inventory = scan.Inventory with
            {
                Distribution = new Distribution(Hostile, Hostile, Hostile, Hostile),
                Warnings = [new InventoryWarning(Hostile, Hostile)],
            },
        };
    }

    /// <summary>What a report writes.</summary>
    public static byte[] Written(Scan scan, Action<Scan, Stream> report)
    {
        using var output = new MemoryStream();
        report(scan, output);
        return output.ToArray();
    }

    public static JsonElement Read(Scan scan, Action<Scan, Stream> report)
    {
        using JsonDocument document = JsonDocument.Parse(Written(scan, report));
        return document.RootElement.Clone();
    }

    /// <summary>Asserts that no byte of a report does anything to a terminal or ends a text of a page: line breaks and printable ASCII only.</summary>
    public static void AssertHarmless(byte[] report)
    {
        Assert.All(report.Distinct(), b => Assert.True(b is (byte)'\n' or (>= 0x20 and < 0x7f), $"0x{b:X2}"));
        Assert.DoesNotContain("</script", Encoding.UTF8.GetString(report), StringComparison.OrdinalIgnoreCase);
    }
}
