namespace ImageScan.EndToEnd.Installed;

/// <summary>Packages of the distribution of this machine, downloaded when first asked for. Their versions are whatever it has now.</summary>
internal sealed class DebianPackages(string folder) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The path of the package's file.</summary>
    public async Task<string> FileAsync(string package)
    {
        await _one.WaitAsync();
        try
        {
            string own = Path.Combine(folder, package);
            if (!Directory.Exists(own))
            {
                Directory.CreateDirectory(own);
                await DownloadAsync(own, package);
            }

            return Directory.GetFiles(own, "*.deb").Single();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The package's files in a folder, as its archive has them, unknown to any dpkg; returns that folder.</summary>
    public async Task<string> UnpackAsync(string package)
    {
        string file = await FileAsync(package);
        string files = $"{Path.GetDirectoryName(file)}.files";
        await Tool.RunAsync(folder, "dpkg-deb", "--extract", file, files);
        return files;
    }

    public void Dispose() => _one.Dispose();

    private async Task DownloadAsync(string own, string package)
    {
        try
        {
            await Tool.RunAsync(own, ["apt-get", "download", package]);
        }
        catch (InvalidOperationException)
        {
            // The machine has no lists of packages, or old ones.
            string lists = Directory.CreateDirectory(Path.Combine(folder, ".lists", "partial")).Parent!.FullName;
            string[] options = ["-o", $"Dir::State::Lists={lists}", "-o", "APT::Sandbox::User="];
            if (Directory.GetFiles(lists).Length == 0)
            {
                await Tool.RunAsync(own, ["apt-get", .. options, "-o", "Acquire::Languages=none", "update"]);
            }

            await Tool.RunAsync(own, ["apt-get", .. options, "download", package]);
        }
    }
}
