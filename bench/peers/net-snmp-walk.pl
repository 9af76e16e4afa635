# Walks an agent by GETBULK with Net::SNMP, as the inventory agents written in Perl do.
# Usage: perl net-snmp-walk.pl HOST PORT WALKS VARBINDS
use strict;
use warnings;
use Net::SNMP qw(oid_base_match);

my ($host, $port, $walks, $wanted) = @ARGV;
my $root = '1.3.6.1';

for (1 .. $walks) {
    my ($session, $error) = Net::SNMP->session(
        -hostname => $host, -port => $port, -version => 'snmpv2c', -community => 'public',
    );
    die $error unless defined $session;
    $session->max_msg_size(65535);
    my %values;
    my $oid = $root;
    while (defined $oid) {
        my $result = $session->get_bulk_request(-varbindlist => [$oid], -maxrepetitions => 25);
        die $session->error unless defined $result;
        undef $oid;
        my $types = $session->var_bind_types;
        for my $name ($session->var_bind_names) {
            undef $oid;
            last if $types->{$name} == 130 || !oid_base_match($root, $name);    # endOfMibView
            $values{$name} = $result->{$name};
            $oid = $name;
        }
    }
    $session->close;
    my $found = keys %values;
    die "read $found varbinds instead of $wanted\n" if $found != $wanted;
}
