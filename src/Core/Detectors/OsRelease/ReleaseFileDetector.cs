using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.OsRelease;

/// <summary>
/// Reads the files in which systems of the RPM family name themselves in a sentence (<c>CentOS release 6.10 (Final)</c>): those before
/// os-release have nothing else. A name that is not known here names no system: who was derived from Red Hat is not Red Hat.
/// </summary>
public sealed partial class ReleaseFileDetector : IPackageDetector
{
    // The sentence stands in the first line; SUSE's version and patch level stand in two more.
    private const int MaxLines = 10;
    private const int MaxLineLength = 256;

    // Systems derived from another have these too, often with the other's name in it: on Oracle Linux redhat-release says Red Hat.
    private static readonly string[] SharedNames = ["redhat-release", "system-release"];

    private static readonly string[] OwnNames =
    [
        "almalinux-release", "amazon-linux-release", "azurelinux-release", "centos-release", "fedora-release", "mageia-release", "mariner-release",
        "openEuler-release", "oracle-release", "photon-release", "rocky-release", "sl-release", "SuSE-release",
    ];

    // The beginning of the sentence, the ID in os-release, and how many numbers of the version are in VERSION_ID (0: all). The first counts.
    private static readonly (string Text, string Id, int Numbers)[] Systems =
    [
        ("AlmaLinux", "almalinux", 0),
        ("Amazon Linux", "amzn", 2),
        ("CBL-Mariner", "mariner", 2),
        ("CentOS", "centos", 1),
        ("Fedora", "fedora", 1),
        ("Mageia", "mageia", 1),
        ("Microsoft Azure Linux", "azurelinux", 2),
        ("openEuler", "openeuler", 0),
        ("openSUSE", "opensuse", 0),
        ("Oracle Linux", "ol", 0),
        ("Red Hat Enterprise Linux CoreOS", "rhcos", 0),
        ("Red Hat Enterprise Linux", "rhel", 0),
        ("Rocky Linux", "rocky", 0),
        ("Scientific Linux", "scientific", 0),
        ("SUSE Linux Enterprise Desktop", "sled", 0),
        ("SUSE Linux Enterprise Server", "sles", 0),
        ("VMware Photon", "photon", 2),
    ];

    public string Name => "release-file";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [.. OwnNames.Concat(SharedNames).SelectMany(name => new[] { $"etc/{name}", $"usr/lib/{name}" })];

    public bool Wants(string path) => path.EndsWith("-release", StringComparison.Ordinal) && FixedPaths.Contains(path);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        string sentence = "", patchLevel = "";
        using var lines = new TextLines(content);
        for (int i = 0; i < MaxLines && lines.TryRead(out ReadOnlySpan<byte> line); i++)
        {
            string text = line.Length <= MaxLineLength ? TextLines.TextOf(line) : "";
            sentence = sentence.Length == 0 ? text : sentence;
            patchLevel = PatchLevel().Match(text) is { Success: true } level ? level.Groups[1].Value : patchLevel;
        }

        (string Text, string Id, int Numbers) system = Array.Find(Systems, known => sentence.StartsWith(known.Text, StringComparison.OrdinalIgnoreCase));
        if (system.Id is null || Number().Match(sentence) is not { Success: true } version)
        {
            return;
        }

        string[] numbers = version.Value.Split('.');
        string versionId = string.Join('.', system.Numbers == 0 ? numbers : numbers.Take(NumbersOf(system.Id, system.Numbers, numbers)));

        // "VERSION = 12" and "PATCHLEVEL = 5" is 12.5, and without a service pack 12.
        versionId = system.Id is "sles" or "sled" && patchLevel is not ("" or "0") ? $"{versionId}.{patchLevel}" : versionId;
        bool isShared = SharedNames.Any(name => entry.Path.EndsWith($"/{name}", StringComparison.Ordinal));
        findings.Distribution = new DistributionClaim(
            Distribution.Named(system.Id, versionId, sentence), isShared ? DistributionEvidence.VersionFile : DistributionEvidence.NamedRelease);
    }

    // Amazon's releases are 2018.03, 2 and 2023; the last has the number and the date of its update behind it: 2023.5.20240708.
    private static int NumbersOf(string id, int usual, string[] numbers) => id == "amzn" && numbers.Length > 2 ? 1 : usual;

    [GeneratedRegex("[0-9]{1,8}(?:[.][0-9]{1,8}){0,3}", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex("^PATCHLEVEL *= *([0-9]{1,3})$", RegexOptions.CultureInvariant)]
    private static partial Regex PatchLevel();
}
