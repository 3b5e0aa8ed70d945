using ImageScan.EndToEnd.Installed;
using ImageScan.EndToEnd.Registry;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>
/// A clock that jumps, for processes that are started with <see cref="Settings"/>: their time of day is off by what <see cref="Step"/> said
/// last, from one reading to the next, as after a correction by NTP or in a virtual machine that was paused. Works on Linux, with a C compiler.
/// </summary>
internal sealed class SteppedClock : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clock-");

    private SteppedClock()
    {
    }

    /// <summary>The environment of a process that lives by this clock.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["LD_PRELOAD"] = Library, ["STEPPED_CLOCK"] = Seconds };

    private string Seconds => Path.Combine(_folder.FullName, "seconds");

    private string Library => Path.Combine(_folder.FullName, "stepped-clock.so");

    /// <summary>A clock that is right for now; null where none can be made.</summary>
    public static async Task<SteppedClock?> MakeAsync()
    {
        if (!OperatingSystem.IsLinux() || !OnPath.Has("cc"))
        {
            return null;
        }

        var clock = new SteppedClock();
        string source = Path.Combine(AppContext.BaseDirectory, "Reliability", "TestData", "stepped-clock.c");
        await Tool.RunAsync(clock._folder.FullName, "cc", "-shared", "-fPIC", "-O2", "-o", clock.Library, source, "-ldl");
        clock.Step(TimeSpan.Zero);
        return clock;
    }

    /// <summary>Lets the clock be off by so much, whole seconds, at once.</summary>
    public void Step(TimeSpan offset)
    {
        // Written in place: the processes have mapped this very file.
        using var file = new FileStream(Seconds, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes((long)offset.TotalSeconds));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
