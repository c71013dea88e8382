using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ipdr.Oci.Car;
using Ipdr.Oci.Destinations.Dags;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Cluster;
using Ipdr.Oci.Gateways.Pinning;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.Gateways;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Ipdr.Oci.Tests.Destinations;

public sealed class PinningTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_is_asked_and_waited_for()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        ConcurrentQueue<string> said = [];
        JsonObject? wish = null;
        Queue<string> states = new(["pinning", "pinned"]);
        await using ServiceServer server = await ServiceServer.StartAsync(async context =>
        {
            Assert.Equal("Bearer secret", context.Request.Headers.Authorization);
            if (context.Request.Method == "POST")
            {
                wish = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
                await AnswerAsync(context, 202, Status(file.Root, "queued"));
            }
            else if (context.Request.Path == "/psa/pins")
                await AnswerAsync(context, 200, """{"count":0,"results":[]}""");
            else
                await AnswerAsync(context, 200, Status(file.Root, states.Dequeue()));
        });
        DagDelivered result = await DeliverAsync(file, server, said.Enqueue);

        Assert.Null(result.Failure);
        Assert.Equal([$"{file.Root}", "app:1", "/ip4/192.0.2.1/tcp/4001"], [$"{wish!["cid"]}", $"{wish["name"]}", $"{wish["origins"]![0]}"]);
        Assert.Equal(["queued", "pinning", "pinned"], said.Select(text => text.Split(": ")[1]));
    }

    [Fact]
    public async Task What_was_asked_for_before_is_not_asked_for_again()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        await using ServiceServer server = await ServiceServer.StartAsync(context => AnswerAsync(context, 200, $$"""{"count":1,"results":[{{Status(file.Root, "pinned")}}]}"""));
        Assert.Null((await DeliverAsync(file, server)).Failure);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_service_that_fails_says_why()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        await using ServiceServer server = await ServiceServer.StartAsync(context =>
            AnswerAsync(context, 200, $$"""{"count":1,"results":[{{Status(file.Root, "failed", """,{"reason":"no provider"}""")}}]}"""));
        DagDelivered result = await DeliverAsync(file, server);
        Assert.Equal(FaultCode.DestinationRefuses, result.Failure!.Fault.Code);
        Assert.Contains("no provider", result.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pin_of_something_else_is_not_taken_for_it(bool alsoLater)
    {
        SampleFile file = await SampleFile.CreateAsync(20_000), other = await SampleFile.CreateAsync(20_001);
        await using ServiceServer server = await ServiceServer.StartAsync(context => context.Request.Method == "POST"
            ? AnswerAsync(context, 202, Status(alsoLater ? other.Root : file.Root, "pinned"))
            : AnswerAsync(context, 200, $$"""{"count":1,"results":[{{Status(other.Root, "pinned")}}]}"""));
        DagDelivered result = await DeliverAsync(file, server);
        Assert.Equal(alsoLater ? FaultCode.CidMismatch : null, result.Failure?.Fault.Code);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_service_that_does_not_answer_for_a_moment_is_waited_for(int status)
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        int asked = 0;
        await using ServiceServer server = await ServiceServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "0";
            return context.Request.Method == "POST" ? AnswerAsync(context, 202, Status(file.Root, "queued"))
                : context.Request.Path == "/psa/pins" ? AnswerAsync(context, 200, """{"count":0,"results":[]}""")
                : asked++ == 0 ? AnswerAsync(context, status, "") : AnswerAsync(context, 200, Status(file.Root, "pinned"));
        });
        Assert.Null((await DeliverAsync(file, server)).Failure);
    }

    [Fact]
    public async Task A_wrong_token_is_told()
    {
        await using ServiceServer server = await ServiceServer.StartAsync(context => AnswerAsync(context, 401, """{"error":{"reason":"UNAUTHORIZED","details":"Access token is missing"}}"""));
        DagDelivered result = await DeliverAsync(await SampleFile.CreateAsync(20_000), server);
        Assert.Contains("Access token is missing", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_gets_a_car_and_is_waited_for()
    {
        SampleFile file = await SampleFile.CreateAsync();
        int blocks = 0, asked = 0;
        await using ServiceServer server = await ServiceServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/add")
            {
                blocks = await CountAsync(context);
                await AnswerAsync(context, 200, $$"""[{"name":"","cid":"{{file.Root}}","size":1,"allocations":["a"]}]""");
                return;
            }
            string second = asked++ == 0 ? "pinning" : "pinned";
            await AnswerAsync(context, 200, $$$$"""{"cid":"{{{{file.Root}}}}","peer_map":{"a":{"peername":"one","status":"pinned","error":""},"b":{"peername":"two","status":"{{{{second}}}}","error":""},"c":{"peername":"three","status":"remote"}}}""");
        });
        await using ClusterDestination destination = new(new ClusterClient(server.Address), new ClusterReplication(2, 3));
        IReadOnlyList<DagDelivered> results = await DagDelivery.DeliverAsync(file.Root, file.Blocks, "app:1", [destination], cancellationToken: Token);

        Assert.Null(results[0].Failure);
        Assert.Equal(file.Blocks.Blocks.Count(), blocks);
        Assert.Equal(2, asked);
        Assert.Contains("format=car", server.Requests.First(), StringComparison.Ordinal);
        Assert.Contains("replication-min=2&replication-max=3&name=app%3A1", server.Requests.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_cannot_keep_it_says_who_failed()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        await using ServiceServer server = await ServiceServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/add")
                _ = await CountAsync(context);
            await AnswerAsync(context, 200, context.Request.Path == "/add"
                ? $$"""[{"cid":"{{file.Root}}"}]"""
                : """{"peer_map":{"a":{"peername":"one","status":"pin_error","error":"disk full"}}}""");
        });
        await using ClusterDestination destination = new(new ClusterClient(server.Address), new ClusterReplication());
        DagDelivered result = (await DagDelivery.DeliverAsync(file.Root, file.Blocks, null, [destination], cancellationToken: Token))[0];
        Assert.Contains("one: disk full", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"peer_map":{}}""", 0)]
    [InlineData("""{"peer_map":{"a":{"peername":"one","status":"unpinned","error":""}}}""", 0)]
    [InlineData("""{"peer_map":{"a":{"peername":"one","status":"pinned","error":""},"b":{"peername":"two","status":"remote","error":""}}}""", 1)]
    public async Task A_cluster_of_which_no_peer_is_about_to_keep_it_is_not_waited_for_for_ever(string status, int pinned)
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        await using ServiceServer server = await ServiceServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/add")
                _ = await CountAsync(context);
            await AnswerAsync(context, 200, context.Request.Path == "/add" ? $$"""[{"cid":"{{file.Root}}"}]""" : status);
        });
        HurriedClock clock = new();
        await using ClusterDestination destination = new(new ClusterClient(server.Address), new ClusterReplication(2, 3), clock: clock);
        DagDelivered result = (await DagDelivery.DeliverAsync(file.Root, file.Blocks, null, [destination], cancellationToken: Token))[0];
        Assert.Equal(FaultCode.DestinationRefuses, result.Failure!.Fault.Code);
        Assert.Contains($"{pinned} peers have pinned it, and no other is about to", result.Failure.Message, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 10, 100);
    }

    private static async Task<DagDelivered> DeliverAsync(SampleFile file, ServiceServer server, Action<string>? say = null)
    {
        await using PinningDestination destination = new(
            new PinningClient(new Uri(server.Address, "/psa"), "secret"), _ => Task.FromResult<IReadOnlyList<string>>(["/ip4/192.0.2.1/tcp/4001"]), say);
        return (await DagDelivery.DeliverAsync(file.Root, file.Blocks, "app:1", [destination], cancellationToken: Token))[0];
    }

    private static string Status(Cid cid, string status, string? info = null) =>
        $$"""{"requestid":"r1","status":"{{status}}","created":"2026-01-01T00:00:00Z","pin":{"cid":"{{cid}}"},"delegates":[]{{(info is null ? "" : ",\"info\":" + info[1..])}}}""";

    private static async Task<int> CountAsync(HttpContext context)
    {
        MultipartReader parts = new(ServiceServer.BoundaryOf(context), context.Request.Body);
        using CarReader reader = await CarReader.OpenAsync(CarReader.CreateInput((await parts.ReadNextSectionAsync())!.Body));
        int count = 0;
        while (await reader.ReadNextAsync() is not null)
            count++;
        return count;
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(text);
    }
}
