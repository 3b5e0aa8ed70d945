using System.CommandLine;
using ImageScan.Core;
using ImageScan.Core.Api.Badges;
using ImageScan.Core.Images;
using ImageScan.Local.Remote;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan badge-link IMAGE</c>: a link that shows an image's badge to whoever has it, signed by the key of the settings.</summary>
internal static class BadgeLinkCommand
{
    private const int MaxDays = 36_500;

    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "The name whose badge the link shows." };
        var server = new Option<string?>("--server") { Description = $"The app's address; {RemoteApp.ServerVariable} says the same.", HelpName = "URL" };
        var days = new Option<int?>("--days") { Description = "How long the link holds; for ever without it.", HelpName = "DAYS" };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is not (null or (> 0 and <= MaxDays)))
            {
                result.AddError($"--days must be from 1 to {MaxDays}.");
            }
        });
        var command = new Command(
            "badge-link", "Signs a link to an image's badge with the app's own key, which the environment must have: Badges__Keys__0__Secret.")
        {
            image, server, days,
        };
        command.SetAction(CommandLine.Guarded((arguments, _) =>
        {
            string name = arguments.GetRequiredValue(image);
            if (!ImageReference.TryParse(name, out ImageReference? reference, out string? reason))
            {
                throw new CommandException($"'{name}' is no image name ({reason}).");
            }

            Uri address = RemoteApp.AddressOf(arguments.GetValue(server) ?? Environment.GetEnvironmentVariable(RemoteApp.ServerVariable))
                ?? throw new CommandException("Give the app's address by --server.");
            var links = new BadgeLinks(SettingsSection.Read<BadgeSettings>(CommandServices.Configuration(), "Badges"));
            if (!links.HasKeys)
            {
                throw new CommandException("There is no key: set Badges__Keys__0__Secret to what the app has.");
            }

            DateTimeOffset? until = arguments.GetValue(days) is { } count ? TimeProvider.System.GetUtcNow().AddDays(count) : null;
            Console.Out.WriteLine(new Uri(address, links.PathOf(reference, until)).AbsoluteUri);
            return Task.FromResult(CommandLine.Clean);
        }));
        return command;
    }
}
