using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class EventGridWebhookTests
{
    private readonly EventGridWebhook _eventGrid = new();

    // https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
    [Fact]
    public void GivesTheCodeOfAValidationAndNotItsAddress()
    {
        WebhookMessage message = SentWebhook.MessageOf(
            """
            [{
              "id": "2d1781af-3a4c-4d7c-bd0c-e34b19da4e66",
              "topic": "/subscriptions/11111111-2222-3333-4444-555555555555",
              "subject": "",
              "data": {
                "validationCode": "512d38b6-c7b8-40c8-89fe-f46f9e9622b6",
                "validationUrl": "https://rp-westeurope.eventgrid.azure.net:553/eventsubscriptions/shop/validate?id=512d38b6&t=2026-05-04T08:12:31.0000000Z"
              },
              "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
              "eventTime": "2026-05-04T08:12:31.1134566Z",
              "metadataVersion": "1",
              "dataVersion": "2"
            }]
            """,
            ("aeg-event-type", "SubscriptionValidation"));

        WebhookReading reading = _eventGrid.Read(message);

        Assert.Equal("512d38b6-c7b8-40c8-89fe-f46f9e9622b6", reading.ValidationCode);
        Assert.Empty(reading.Events);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"validationCode\":\"\"}")]
    [InlineData("{\"validationCode\":7}")]
    [InlineData("\"code\"")]
    public void RefusesAValidationWithoutACode(string data) => Assert.Throws<FormatException>(() => _eventGrid.Read(
        SentWebhook.MessageOf($$"""[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{{data}}}]""")));

    [Fact]
    public void TakesTheEndOfASubscriptionForAPing() => Assert.True(_eventGrid.Read(
        SentWebhook.MessageOf("""[{"eventType":"Microsoft.EventGrid.SubscriptionDeletedEvent","data":{"eventSubscriptionId":"/subscriptions/1"}}]""")).IsPing);

    [Fact]
    public void ReadsSeveralEventsOfARequest()
    {
        string pushed = ReadSender.Body("eventgrid").Trim()[1..^1];
        string deleted = ReadSender.Body(
            "eventgrid-cloudevent", ("\"push\"", "\"delete\""), (".ImagePushed", ".ImageDeleted"), (",\n      \"tag\": \"1.4.2\"", ""));
        string chart = """
            {"eventType":"Microsoft.ContainerRegistry.ChartPushed",
             "data":{"action":"chart_push","target":{"repository":"shop/charts","tag":"cart-0.1.0.tgz","digest":"sha256:1"}}}
            """;

        WebhookReading reading = _eventGrid.Read(SentWebhook.MessageOf($"[{pushed},{chart},{deleted},7]"));

        Assert.Equal([RegistryAction.Push, RegistryAction.Delete], reading.Events.Select(told => told.Action));
        Assert.Equal(["1.4.2", ""], reading.Events.Select(told => told.Tag));
        Assert.Equal(2, reading.Ignored);
    }

    [Fact]
    public void PassesOverEventsOfOtherServices() =>
        _eventGrid.Ignores("""[{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default","data":{"api":"PutBlob"}}]""");

    [Fact]
    public void ReadsAttributesInAnyCase() => Assert.Equal(
        [$"Push registry.example.com/shop/cart:1.4.2@{SentWebhook.Digest}"],
        _eventGrid.Events(ReadSender.Body("eventgrid-cloudevent", ("\"type\"", "\"Type\""), ("\"data\"", "\"DATA\""), ("\"specVersion\"", "\"SpecVersion\""))));
}
