namespace Armillary.Machine.Tests;

public sealed class MemoryMapTests
{
    [Fact]
    public void Ram_is_where_guests_made_for_virt_expect_it() => Assert.Equal(0x4000_0000ul, MemoryMap.Ram);
}
