using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Rpm;
using ImageScan.Core.Inventory;
using ImageScan.Core.Tests.Vulnerabilities;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Detectors.Rpm;

/// <summary>The databases of real images, against what rpm itself says of them.</summary>
public sealed class RpmImagesTests
{
    [Theory]
    [InlineData("rpm-ubi8-bdb")]
    [InlineData("rpm-sle15-bci")]
    public void FindsThePackagesThatRpmListed(string image)
    {
        string[] listed = File.ReadAllLines(SharedData.Path("images", $"{image}.expected"));

        FileFindings found = RpmFiles.Read(Database(image).Content);

        Assert.Empty(found.Warnings);
        Assert.Equal(
            listed.Where(line => line.Length > 0 && !line.StartsWith("gpg-pubkey-", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            found.Packages.Select(p => $"{p.Name}-{p.Version[(p.Version.IndexOf(':') + 1)..]}.{p.Architecture}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("rpm-ubi8-bdb")]
    [InlineData("rpm-amazonlinux-2023")]
    [InlineData("rpm-oraclelinux9")]
    public void SaysOfEveryPackageWhatRpmSays(string image)
    {
        using var folder = new TemporaryFolder();
        (string name, byte[] content) = Database(image);
        File.WriteAllBytes(Path.Combine(folder.Path, name), content);
        const string Format = "%{NAME}|%{EPOCHNUM}:%{VERSION}-%{RELEASE}|%{ARCH}|%{SOURCERPM}|%{MODULARITYLABEL}|%{VENDOR}|%{LICENSE}\\n";
        string[] listed = Rpm("-qa", "--qf", Format, "--dbpath", folder.Path);

        FileFindings found = RpmFiles.Read(content);

        Assert.Empty(found.Warnings);
        Assert.Equal(
            listed.Where(line => !line.StartsWith("gpg-pubkey|", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            found.Packages.Select(p => string.Join('|', p.Name, WithEpoch(p.Version), p.Architecture, SourceOf(p), p.Module ?? "(none)", p.Vendor, p.License))
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("rpm-ubi8-bdb")]
    [InlineData("rpm-amazonlinux-2023")]
    [InlineData("rpm-oraclelinux9")]
    public void KnowsTheFilesThatRpmKnows(string image)
    {
        using var folder = new TemporaryFolder();
        (string name, byte[] content) = Database(image);
        File.WriteAllBytes(Path.Combine(folder.Path, name), content);
        string[] listed = Rpm("-qa", "--qf", "[%{=NAME} %{FILENAMES}\\n]", "--dbpath", folder.Path);

        FileFindings found = RpmFiles.Read(content);

        Assert.Equal(
            listed.Where(line => line.Contains(' ', StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            found.Owned.SelectMany(owned => owned.Paths.Select(path => $"{owned.Owner} /{path}")).Order(StringComparer.Ordinal));
    }

    private static string WithEpoch(string version) => version.Contains(':', StringComparison.Ordinal) ? version : $"0:{version}";

    private static string SourceOf(Package package)
    {
        string version = package.SourceVersion ?? package.Version;
        return $"{package.SourceName ?? package.Name}-{version[(version.IndexOf(':') + 1)..]}.src.rpm";
    }

    // A saved image has its one layer as a tar in the tar.
    private static (string Name, byte[] Content) Database(string image)
    {
        using var archive = new TarReader(File.OpenRead(SharedData.Path("images", $"{image}.tar")));
        while (archive.GetNextEntry(copyData: true) is { } layer)
        {
            if (layer.DataStream is null || !layer.Name.EndsWith(".tar", StringComparison.Ordinal))
            {
                continue;
            }

            using var files = new TarReader(layer.DataStream);
            while (files.GetNextEntry(copyData: true) is { } file)
            {
                if (file.DataStream is not null && new RpmDetector().Wants(file.Name.TrimStart('.', '/')))
                {
                    using var content = new MemoryStream();
                    file.DataStream.CopyTo(content);
                    return (Path.GetFileName(file.Name), content.ToArray());
                }
            }
        }

        throw new InvalidDataException($"{image} has no database of rpm.");
    }

    private static string[] Rpm(params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("rpm", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process rpm = Process.Start(start)!;
            rpm.ErrorDataReceived += (_, _) => { };
            rpm.BeginErrorReadLine();
            string[] lines = rpm.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            rpm.WaitForExit();
            Assert.SkipWhen(lines.Length == 0, "Skipped: the rpm that is installed here does not read this kind of database.");
            return lines;
        }
        catch (Win32Exception)
        {
            Assert.Skip("Skipped: rpm is not installed.");
            return [];
        }
    }
}
