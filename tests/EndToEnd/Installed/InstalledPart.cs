using ImageScan.EndToEnd.Registry;

namespace ImageScan.EndToEnd.Installed;

/// <summary>What one ecosystem brings to the image, and which packages are then installed.</summary>
/// <param name="instruction">The step of the Dockerfile.</param>
/// <param name="tools">The programs that it needs.</param>
internal abstract class InstalledPart(string instruction, params string[] tools)
{
    /// <summary>The last step of the image, in which each part takes away or replaces something.</summary>
    public const string LastInstruction = "RUN clean up";

    /// <summary>What is downloaded or built once, before the image is put together.</summary>
    /// <param name="workshop">A folder of its own.</param>
    /// <param name="debian">Packages of the machine's distribution.</param>
    public virtual Task PrepareAsync(string workshop, DebianPackages debian) => Task.CompletedTask;

    public abstract Task InstallAsync(RootFolder root);

    /// <summary>What changes in the last layer.</summary>
    public virtual Task CleanUpAsync(RootFolder root) => Task.CompletedTask;

    /// <summary>All that is installed in the end, known after it was installed.</summary>
    public abstract IEnumerable<InstalledRow> Expected { get; }

    public string Instruction { get; } = instruction;

    /// <summary>Whether the machine has its programs.</summary>
    public bool IsPossible => tools.All(OnPath.Has);

    /// <summary>Skips the running test, with a word that <c>.ci/run</c> looks for, if a program is not there.</summary>
    public void Require() => Array.ForEach(tools, OnPath.Require);

    protected InstalledRow Row(string type, string name, string version, string path) => new(type, name, version, path, Instruction);
}
