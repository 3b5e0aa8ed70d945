using System.CommandLine;
using System.Globalization;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.Local.Hosting;
using ImageScan.Local.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.Local.Commands;

/// <summary>
/// <c>imagescan advisories publish</c> and <c>rollback</c>: which snapshot the instances use that share the storage account of
/// <c>AzureWebJobsStorage</c>; without it, the one that <c>imagescan serve</c> keeps on this machine.
/// </summary>
internal static class AdvisoriesPublish
{
    public static Command CreatePublish()
    {
        var file = new Argument<string>("FILE") { Description = "A snapshot made by `imagescan advisories build`." };
        var older = new Option<bool>("--older") { Description = "Publish it even if it is not newer than what is in use." };
        var command = new Command("publish", "Puts a snapshot into storage; all instances use it within a minute. Ends a roll-back.") { file, older };
        command.SetAction(CommandLine.Guarded((arguments, cancellationToken) => RunAsync(
            publisher => publisher.PublishAsync(
                arguments.GetRequiredValue(file), arguments.GetValue(older) ? PublishRule.AnyAge : PublishRule.Newer, beforeSwitch: null, cancellationToken),
            cancellationToken)));
        return command;
    }

    public static Command CreateRollBack()
    {
        var id = new Argument<string?>("ID")
        {
            Description = "The id of a snapshot that is kept, or how it begins; by default the newest that is older than the one in use.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var release = new Option<bool>("--release") { Description = "End a roll-back: use the newest that is kept, and what refreshes publish." };
        var command = new Command(
            "rollback", "Makes all instances use an earlier snapshot, until it is released or another is published by hand.") { id, release };
        command.Validators.Add(result =>
        {
            if (result.GetValue(release) && result.GetValue(id) is not null)
            {
                result.AddError("--release takes no ID: the newest snapshot that is kept is used.");
            }
        });
        command.SetAction(CommandLine.Guarded((arguments, cancellationToken) => RunAsync(
            publisher => arguments.GetValue(release)
                ? publisher.ReleaseAsync(cancellationToken)
                : publisher.RollBackAsync(arguments.GetValue(id), cancellationToken),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(Func<SnapshotPublisher, Task<LatestSnapshot>> change, CancellationToken cancellationToken)
    {
        await using LocalStorage storage = await LocalStorage.OpenAsync(cancellationToken);
        StorageSettings settings = StorageSettings.From(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        using var account = new StorageAccount(storage.ConnectionString is { } own ? settings with { ConnectionString = own } : settings);
        Show(await change(new SnapshotPublisher(new SnapshotBlobs(account), TimeProvider.System, NullLogger<SnapshotPublisher>.Instance)));
        return CommandLine.Clean;
    }

    private static void Show(LatestSnapshot latest)
    {
        Line(latest.IsPinned ? "pinned" : "in use", latest.Current);
        foreach (PublishedSnapshot kept in latest.Previous)
        {
            Line("kept", kept);
        }

        if (latest.IsPinned)
        {
            Terminal.Say("Stored results keep what newer advisories have found until they are scanned with force. End it with --release.");
        }
    }

    private static void Line(string label, PublishedSnapshot snapshot) => Terminal.Line(
        $"{label,-12} {snapshot.Id} built {snapshot.BuiltAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}, "
        + $"{snapshot.Size.ToString("N0", CultureInfo.InvariantCulture)} bytes");
}
