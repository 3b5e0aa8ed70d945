using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>What Amazon ECR says over EventBridge (https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html).</summary>
internal static partial class EcrEvents
{
    /// <summary>An event as EventBridge delivers it; null for one that is about no image that came or went.</summary>
    public static RegistryEvent? Of(JsonElement message)
    {
        JsonElement detail = message.Member("detail");
        bool isDone = (detail.Member("result").Text() ?? detail.Member("sync-status").Text()) == "SUCCESS";
        RegistryAction? action = (message.Member("detail-type").Text(), detail.Member("action-type").Text()) switch
        {
            ("ECR Image Action", "PUSH") => RegistryAction.Push,
            ("ECR Image Action", "DELETE") => RegistryAction.Delete,

            // The image has come from another region, or from another registry; account and region are those of where it is now.
            ("ECR Replication Action", "REPLICATE") or ("ECR Pull Through Cache Action", _) => RegistryAction.Push,
            _ => null,
        };
        if (action is null || !isDone || !IsImage(detail) || HostOf(message.Member("account").Text(), message.Member("region").Text()) is not { } host)
        {
            return null;
        }

        return new RegistryEvent(action.Value, host, detail.Member("repository-name").Text() ?? "")
        {
            Tag = detail.Member("image-tag").Text() ?? "",
            Digest = detail.Member("image-digest").Text() ?? "",
        };
    }

    /// <summary>
    /// A CloudEvent that an input transformer has made of one, with type <c>com.amazon.ecr.image.push</c> or <c>.delete</c>, source
    /// <c>urn:aws:ecr:REGION:ACCOUNT:repository/NAME</c> and the members below
    /// (https://github.com/argoproj-labs/argocd-image-updater/blob/master/docs/configuration/webhook.md#aws-ecr-via-eventbridge-cloudevents).
    /// </summary>
    public static RegistryEvent? Of(CloudEvent cloudEvent)
    {
        RegistryAction? action = cloudEvent.Type switch
        {
            "com.amazon.ecr.image.push" => RegistryAction.Push,
            "com.amazon.ecr.image.delete" => RegistryAction.Delete,
            _ => null,
        };
        string[] source = cloudEvent.Source.Split(':', 6);
        if (action is null || source is not ["urn" or "arn", _, "ecr", var region, var account, _] || HostOf(account, region) is not { } host)
        {
            return null;
        }

        JsonElement data = cloudEvent.Data;
        return new RegistryEvent(action.Value, host, data.Member("repositoryName").Text() ?? "")
        {
            Tag = data.Member("imageTag").Text() ?? "",
            Digest = data.Member("imageDigest").Text() ?? "",
        };
    }

    /// <summary>The host of an account's registry in a region; null unless both are what they should be.</summary>
    private static string? HostOf(string? account, string? region) =>
        account is not null && region is not null && Account().IsMatch(account) && Region().IsMatch(region) ? EcrHost.NameOf(account, region) : null;

    // Not always there; an index has no configuration to be of a type.
    private static bool IsImage(JsonElement detail)
    {
        string manifest = detail.Member("manifest-media-type").Text() ?? "";
        return PushedContent.IsImageManifest(manifest)
            && (MediaTypes.IsIndex(manifest) || PushedContent.IsImageConfig(detail.Member("artifact-media-type").Text()));
    }

    [GeneratedRegex(@"\A[0-9]{12}\z")]
    private static partial Regex Account();

    [GeneratedRegex(@"\A[a-z]{2,5}(-[a-z]{1,16}){1,3}-[0-9]{1,2}\z")]
    private static partial Regex Region();
}
