using Ipdr.Oci.Gateways.Pooling;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class SourceRecordTests
{
    private readonly SourceRecord _record = new("http://a", new BlockPoolOptions(), null, TimeProvider.System);

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

    private void Came(double seconds) => _record.Succeeded(100, TimeSpan.FromSeconds(seconds));
}
