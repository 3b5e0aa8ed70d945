using System.IO.Compression;

namespace ImageScan.EndToEnd.Installed;

/// <summary>Wheels, unpacked where pip puts them. One of them is gone in the end.</summary>
internal sealed class PythonPart() : InstalledPart("RUN pip install", "apt-get", "dpkg")
{
    private const string Site = "usr/local/lib/python3.11/site-packages";

    private readonly List<string> _wheels = [];
    private readonly List<InstalledRow> _expected = [];

    public override IEnumerable<InstalledRow> Expected => _expected;

    public override async Task PrepareAsync(string workshop, DebianPackages debian)
    {
        foreach (string package in (string[])["python3-pip-whl", "python3-setuptools-whl", "python3-wheel-whl"])
        {
            _wheels.AddRange(Directory.GetFiles(Path.Combine(await debian.UnpackAsync(package), "usr/share/python-wheels"), "*.whl"));
        }
    }

    public override Task InstallAsync(RootFolder root)
    {
        foreach (string wheel in _wheels)
        {
            ZipFile.ExtractToDirectory(wheel, root.FolderOf(Site));
            if (!Path.GetFileName(wheel).StartsWith("wheel-", StringComparison.Ordinal))
            {
                _expected.AddRange(PackagesIn(wheel));
            }
        }

        return Task.CompletedTask;
    }

    public override Task CleanUpAsync(RootFolder root)
    {
        Directory.Delete(root.Of($"{Site}/wheel"), recursive: true);
        Directory.Delete(Assert.Single(Directory.GetDirectories(root.Of(Site), "wheel-*.dist-info")), recursive: true);
        return Task.CompletedTask;
    }

    // A wheel may carry others that it has copied. The folder's name is NAME-VERSION.dist-info
    // (https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-contents).
    private IEnumerable<InstalledRow> PackagesIn(string wheel)
    {
        using ZipArchive archive = ZipFile.OpenRead(wheel);
        IEnumerable<string> files = archive.Entries.Select(entry => entry.FullName);
        foreach (string metadata in files.Where(name => name.EndsWith(".dist-info/METADATA", StringComparison.Ordinal)))
        {
            string[] name = metadata.Split('/')[^2][..^".dist-info".Length].Split('-');
            yield return Row("python", name[0].Replace('_', '-').Replace('.', '-').ToLowerInvariant(), name[1], $"{Site}/{metadata}");
        }
    }
}
