using System.Text;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Executables;

/// <summary>What <c>go version -m</c> says about each of the real programs.</summary>
public sealed class GoProgramsTests
{
    private readonly ExecutableDetector _detector = new();

    [Theory]
    [InlineData("go1.19-linux-amd64")]
    [InlineData("go1.19-linux-386")]
    [InlineData("go1.19-linux-ppc64")]
    [InlineData("go1.19-linux-mips")]
    [InlineData("go1.19-windows-amd64")]
    [InlineData("go1.19-windows-386")]
    [InlineData("go1.19-darwin-amd64")]
    [InlineData("go1.19-darwin-arm64")]
    public void ReadsTheStringsBesideTheHeader(string program)
    {
        FileFindings found = Detection.Read(_detector, "usr/bin/app", RealPrograms.Read(program));

        Assert.Equal(
            ["stdlib 1.19.8", "example.com/app v1.2.3", "example.com/fork v1.0.1", "example.com/local (devel)", "example.com/plain/v2 v2.3.4"],
            found.Packages.Select(package => $"{package.Name} {package.Version}"));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Go, "usr/bin/app"), (package.Type, package.Path)));
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("go1.15-linux-amd64", "1.15", "v0.0.0-20200501145240-bc7a7d42d5c3")]
    [InlineData("go1.17-linux-386", "1.17.5", "v0.0.0-20210908233432-aa78b53d3365")]
    [InlineData("go1.17-linux-s390x", "1.17.5", "v0.0.0-20210908233432-aa78b53d3365")]
    [InlineData("go1.17-darwin-amd64", "1.17.5", "v0.0.0-20210908233432-aa78b53d3365")]
    [InlineData("go1.17-windows-amd64", "1.17.5", null)]
    public void ReadsTheStringsBehindTheHeadersAddresses(string program, string goVersion, string? sysVersion)
    {
        FileFindings found = Detection.Read(_detector, "usr/bin/esbuild", RealPrograms.Read(program));

        string[] sys = sysVersion is null ? [] : [$"golang.org/x/sys {sysVersion}"];
        Assert.Equal(
            [$"stdlib {goVersion}", "github.com/evanw/esbuild (devel)", .. sys],
            found.Packages.Select(package => $"{package.Name} {package.Version}"));
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void FindsTheModulesByTheirSentinelsWhereTheAddressesAreFilledInLater()
    {
        byte[] header = [.. Magic, 8, 0, .. new byte[16]];
        byte[] lines = [.. Sentinel("3077af0c9274080241e1c107e6d618e6"), .. "path\tx\nmod\tx\tv1.0.0\t\n"u8, .. Sentinel("f932433186182072008242104116d8f2")];
        byte[] program = new MadeElf().Add(".rodata", lines).Add(".go.buildinfo", header).ToArray();

        FileFindings found = Detection.Read(_detector, "usr/bin/x", program);

        Assert.Equal(["x v1.0.0"], found.Packages.Select(package => $"{package.Name} {package.Version}"));
        Assert.Contains("standard library is not listed", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void PassesOverTheMagicAmongTheConstantsOfAProgramThatReadsBuildInformation()
    {
        byte[] program = new MadeElf()
            .Add(".data", [.. Magic, .. "something else after it"u8])
            .Add(".more", [0, .. Inline("go1.21.3", "")])
            .Add(".right", Inline("go1.22.1", ""))
            .ToArray();

        FileFindings found = Detection.Read(_detector, "usr/bin/x", program);

        Assert.Equal(["stdlib 1.22.1"], found.Packages.Select(package => $"{package.Name} {package.Version}"));
    }

    [Fact]
    public void FindsNothingInAProgramOfAnotherLanguage()
    {
        FileFindings found = Detection.Read(_detector, "usr/bin/ls", RealPrograms.Read("ls"));

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    internal static byte[] Magic => [0xff, .. " Go buildinf:"u8];

    /// <summary>A header with its strings, as since Go 1.18.</summary>
    internal static byte[] Inline(string goVersion, string modules)
    {
        byte[] framed = modules.Length == 0 ? [] : [.. new byte[16], .. Encoding.UTF8.GetBytes(modules), .. new byte[16]];
        return [.. Magic, 8, 2, .. new byte[16], (byte)goVersion.Length, .. Encoding.UTF8.GetBytes(goVersion), .. Length(framed.Length), .. framed];
    }

    private static byte[] Length(int length) => length < 0x80 ? [(byte)length] : [(byte)(length | 0x80), .. Length(length >> 7)];

    private static byte[] Sentinel(string hex) => Convert.FromHexString(hex);
}
