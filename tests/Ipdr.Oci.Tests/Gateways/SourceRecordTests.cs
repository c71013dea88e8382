using System.Net;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Tests.Store;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class SourceRecordTests
{
    private readonly HandClock _clock = new();
    private readonly SourceRecord _record;

    public SourceRecordTests() => _record = new SourceRecord("http://a", new BlockPoolOptions(), null, _clock);

    [Fact]
    public void A_slow_start_is_forgiven()
    {
        foreach (double seconds in (double[])[3, 0.5, 0.02])
        {
            Came(seconds);
            Assert.Null(_record.Seconds);
        }
        Came(0.03);
        Assert.Equal(0.02, _record.Seconds);
    }

    [Fact]
    public void What_comes_after_it_is_averaged()
    {
        for (int i = 0; i < 4; i++)
            Came(0.1);
        Came(0.6);
        Assert.Equal(0.2, _record.Seconds!.Value, 6);
        Came(0.2);
        Assert.Equal(0.2, _record.Seconds!.Value, 6);
        Assert.Equal((6, 600), (_record.Report.Blocks, _record.Report.Bytes));
    }

    [Fact]
    public void What_was_long_ago_says_nothing_of_today()
    {
        for (int i = 0; i < 10; i++)
            Came(9);
        _clock.Now += TimeSpan.FromSeconds(59);
        Assert.Equal(9, _record.Seconds);
        _clock.Now += TimeSpan.FromSeconds(2);
        Assert.Null(_record.Seconds);
        Came(0.1);
        Assert.Equal(0.1, _record.Seconds);
        Assert.Equal(11, _record.Report.Blocks);
    }

    [Fact]
    public void Who_does_not_say_when_is_asked_again_and_again_for_a_while()
    {
        BlockPoolOptions options = new();
        for (int i = 1; i < options.MaxThrottles; i++)
        {
            _record.Failed(SourceFaults.Throttles("http://a", HttpStatusCode.TooManyRequests, null));
            Assert.Null(_record.Dropped);
            Assert.InRange(_record.Asleep, TimeSpan.FromSeconds(0.5), options.MaxRetryAfter);
            _clock.Now += _record.Asleep;
        }
        _record.Failed(SourceFaults.Throttles("http://a", HttpStatusCode.TooManyRequests, null));
        Assert.Contains("10 times in a row", _record.Dropped!.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", 3.0)]
    [InlineData("2147483648", double.MaxValue)]
    [InlineData("99999999999999999999999", double.MaxValue)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 0.0)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    public void A_time_to_come_back_is_read(string header, double? seconds)
    {
        using HttpResponseMessage answer = new();
        answer.Headers.TryAddWithoutValidation("Retry-After", header);
        Assert.Equal(seconds is double.MaxValue ? TimeSpan.MaxValue : seconds is { } some ? TimeSpan.FromSeconds(some) : null, RetryDelay.Read(answer, _clock));
    }

    private void Came(double seconds) => _record.Succeeded(100, TimeSpan.FromSeconds(seconds));
}
