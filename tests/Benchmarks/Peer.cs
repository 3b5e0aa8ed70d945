using System.Diagnostics;

namespace ImageScan.Benchmarks;

/// <summary>Another scanner, as npm has it.</summary>
internal abstract class Peer
{
    private static readonly string Installed = Path.Combine(CacheFolder.Root, "peers");

    public abstract string Name { get; }

    /// <summary>Starts it with nothing to do.</summary>
    public abstract ProcessStartInfo StartUp();

    /// <summary>Reads an image's packages and nothing else, with nothing in its cache.</summary>
    /// <param name="image">The name in the registry.</param>
    /// <param name="archive">The same image, as <c>docker save</c> writes it.</param>
    public abstract ProcessStartInfo Scan(string image, string archive);

    /// <summary>What it finds in an archive, in our terms.</summary>
    public abstract IReadOnlyList<Component> Components(string archive);

    /// <summary>Those there are, installed if need be; none, with a word, where they cannot be had.</summary>
    public static IReadOnlyList<Peer> All()
    {
        if (!File.Exists(Path.Combine(Installed, "trivy")) && !CacheFolder.Run("peers/install.sh"))
        {
            Console.WriteLine("Skipped: the peers could not be installed.");
            return [];
        }

        return [new Trivy(Path.Combine(Installed, "trivy")), new SnykPlugin(Installed)];
    }

    /// <summary>What a command writes to standard output, kept for the next time that the same archive is asked about.</summary>
    protected string OutputOn(string archive, ProcessStartInfo command)
    {
        var file = new FileInfo(archive);
        string kept = Path.Combine(CacheFolder.Folder("results"), $"{file.Name}-{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}.{Name}");
        if (File.Exists(kept))
        {
            return File.ReadAllText(kept);
        }

        command.RedirectStandardOutput = true;
        using var process = Process.Start(command)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Name} ended with {process.ExitCode} on {archive}.");
        }

        File.WriteAllText(kept, output);
        return output;
    }
}
