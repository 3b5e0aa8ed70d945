using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions.Tests;

/// <summary>One function of the deployed head: a method that the host calls.</summary>
internal sealed record Trigger(string Function, MethodInfo Method)
{
    public static IReadOnlyList<Trigger> All { get; } =
    [
        .. typeof(HttpTriggers).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => (method, attribute: method.GetCustomAttribute<FunctionAttribute>()))
            .Where(found => found.attribute is not null)
            .Select(found => new Trigger(found.attribute!.Name, found.method)),
    ];

    public HttpTriggerAttribute? Http => Of<HttpTriggerAttribute>();

    public QueueTriggerAttribute? Queue => Of<QueueTriggerAttribute>();

    public TimerTriggerAttribute? Timer => Of<TimerTriggerAttribute>();

    private T? Of<T>()
        where T : Attribute =>
        Method.GetParameters().Select(parameter => parameter.GetCustomAttribute<T>()).SingleOrDefault(attribute => attribute is not null);
}
